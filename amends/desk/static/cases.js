// Tells the server in which time zone this browser reads, so that its pages show times in it.
(() => {
  const shown = document.currentScript.dataset.zone;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!own || own === shown) return;
  const known = document.cookie.split("; ").includes(`amends_zone=${own}`);
  document.cookie = `amends_zone=${own}; path=/; max-age=31536000; SameSite=Strict`;
  // Once: a zone that the server does not know stays the company's. What was typed stays as well.
  if (!known && document.cookie.includes("amends_zone=") && !document.querySelector("[data-typed]")) {
    location.reload();
  }
})();
