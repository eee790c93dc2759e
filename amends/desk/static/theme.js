// Before the first paint: the theme chosen on this device, or the system's.
(() => {
  const chosen = localStorage.getItem("amends.desk.theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
})();

// Buttons that print the page: the page itself holds no script.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) print();
});
