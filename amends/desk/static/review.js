// The review queue by keyboard. Without it every step is a link or a button of a plain form.
(() => {
  const rows = [...document.querySelectorAll("[data-row]")];
  const current = document.querySelector("[data-row][aria-current]");
  const search = document.getElementById("review-search");
  const intents = [...document.querySelectorAll(".review-intents button")];
  const none = document.querySelector(".review-none");

  const keepInView = (row) => {
    const list = row.closest(".review-list");
    list.scrollTop = row.offsetTop - list.offsetTop - list.clientHeight / 3;
  };
  if (current) keepInView(current);

  // Panels are opened by buttons of the toolbar, one at a time.
  const panels = [...document.querySelectorAll("[data-panel]")].map((button) => {
    const panel = document.getElementById(button.dataset.panel);
    button.hidden = false;
    button.setAttribute("aria-controls", panel.id);
    button.setAttribute("aria-expanded", "false");
    panel.querySelector("summary").hidden = true;
    panel.addEventListener("toggle", () => button.setAttribute("aria-expanded", String(panel.open)));
    button.addEventListener("click", () => show(panel.open ? null : panel));
    return panel;
  });
  const show = (wanted) => {
    for (const panel of panels) panel.open = panel === wanted;
    const field = wanted?.querySelector("input:not([type=hidden])");
    if (field) field.focus();
    if (wanted) wanted.scrollIntoView({ block: "nearest" });
  };

  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const shown = () => intents.filter((button) => !button.hidden);
  const narrow = () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    for (const button of intents) {
      const said = plain(`${button.textContent} ${button.value.replaceAll("_", " ")}`);
      button.hidden = !words.every((word) => said.includes(word));
      button.classList.remove("is-first");
    }
    if (search.value) shown()[0]?.classList.add("is-first");
    none.hidden = shown().length > 0;
  };
  if (search) {
    search.closest(".review-find").hidden = false;
    search.addEventListener("input", narrow);
    search.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter" && search.value) shown()[0]?.click();
      if (event.key === "ArrowDown") shown()[0]?.focus();
      if (event.key === "Enter" || event.key === "ArrowDown") event.preventDefault();
    });
  }

  const move = (step) => {
    const at = rows.indexOf(current);
    const to = rows[at + step];
    if (to) return to.click();
    document.querySelector(step > 0 ? ".pager [rel=next]" : ".pager a:not([rel])")?.click();
  };
  const steps = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  const typing = (target) =>
    target.matches("textarea, select, input:not([type=checkbox])") || target.isContentEditable;

  let gone = false; // one decision per page, however often a key is pressed
  addEventListener("pageshow", () => (gone = false));
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const inPanel = event.target.closest(".review-panel");
    if (event.key === "Escape" && inPanel) {
      show(null);
      document.getElementById("review-open").focus();
      return;
    }
    if (event.key === "Enter" && event.target.matches("[type=checkbox]")) {
      event.preventDefault();
      inPanel?.querySelector("button[type=submit]")?.click();
      return;
    }
    if (typing(event.target) || gone) return;
    if (event.key in steps) {
      if (event.key.startsWith("Arrow") && event.target.closest(".review-members, .review-keys")) return;
      event.preventDefault();
      move(steps[event.key]);
      return;
    }
    const button = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
    if (!button || button.hidden) return;
    event.preventDefault();
    if (button.type === "submit") gone = true;
    button.click();
  });
})();
