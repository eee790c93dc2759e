// While something is under way the page's moving part is read again; nothing that is open closes.
"use strict";
(() => {
  const EVERY_MS = 2000;
  const part = () => document.getElementById("models-now");

  const isUsed = () => {
    const now = part();
    const focused = document.activeElement;
    const typing = focused && now.contains(focused) && focused.matches("input, textarea, select");
    return Boolean(typing || now.querySelector("details.sure[open]"));
  };

  const read = async () => {
    const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = found.getElementById("models-now");
    if (!next || isUsed() || next.outerHTML === part().outerHTML) return;
    const place = document.activeElement && document.activeElement.getAttribute("href");
    part().replaceWith(next);
    if (place) {
      const again = [...next.querySelectorAll("a")].find((one) => one.getAttribute("href") === place);
      if (again) again.focus();
    }
  };

  const look = async () => {
    if (part().dataset.moving === "yes" && !document.hidden) {
      try {
        await read();
      } catch {
        // the next look tries again
      }
    }
    setTimeout(look, EVERY_MS);
  };

  if (part()) setTimeout(look, EVERY_MS);
})();
