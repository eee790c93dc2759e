// Before the first paint: the theme chosen on this device, or the system's.
(() => {
  const chosen = localStorage.getItem("amends.desk.theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
})();
