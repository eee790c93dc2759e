// The playground without reloading by hand: waits for a sandbox, keeps the chat at its end, and
// lets Enter send. Without it everything works by links and buttons.
(() => {
  const starting = document.querySelector("[data-starting]");
  if (starting) {
    const stage = starting.querySelector("[data-stage]");
    const began = Date.now();
    const look = async () => {
      try {
        const answer = await fetch(starting.dataset.starting);
        const found = await answer.json();
        if (found.done) {
          location.replace("/training/playground");
          return;
        }
        if (stage.textContent !== found.stage) stage.textContent = found.stage;
      } catch {
        // the desk is away for a moment: look again
      }
      starting.querySelector("[data-seconds]").textContent =
        `(${Math.round((Date.now() - began) / 1000)} s)`;
      setTimeout(look, 1000);
    };
    setTimeout(look, 700);
  }

  const log = document.querySelector(".play-log");
  if (log) {
    const chosen = log.querySelector("[data-chosen]");
    const turns = log.querySelectorAll(".play-customer");
    const isLast = !chosen || chosen === turns[turns.length - 1];
    log.scrollTop = isLast ? log.scrollHeight : chosen.offsetTop - log.offsetTop - 20;
  }

  const say = document.querySelector("[data-say]");
  if (say) {
    const field = say.querySelector("textarea");
    const wide = matchMedia("(min-width: 901px)").matches;
    if (wide) field.focus({ preventScroll: true });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (field.value.trim()) say.requestSubmit();
    });
  }

  // A message or a comparison takes a moment: nothing is sent twice.
  for (const form of document.querySelectorAll("[data-say], [data-slow], .play-choices, .play-setting")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      form.setAttribute("aria-busy", "true");
    });
  }
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-sent]")) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }
  });
})();
