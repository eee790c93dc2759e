/** What happens in the browser alone: theme, drafts, shortcuts, focus, toasts, dialogs. */
(() => {
  const $ = (selector) => document.querySelector(selector);
  const root = document.documentElement;
  const draftKey = (id) => `amends.desk.draft.${id}`;
  let chat = null;
  let unreadTitle = "";

  const text = () => $(".composer textarea");

  function grow() {
    const box = text();
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, 200)}px`;
  }

  function openChat(id) {
    chat = id;
    const box = text();
    box.value = sessionStorage.getItem(draftKey(id)) ?? "";
    grow();
    history.replaceState(null, "", id ? `/?chat=${id}` : "/");
    $(".transcript").dataset.follow = "yes";
  }

  /** Returns the text to send and empties the box; null when there is nothing to send. */
  function takeText() {
    const box = text();
    const value = box.value;
    if (!value.trim() || !chat) return null;
    box.value = "";
    sessionStorage.removeItem(draftKey(chat));
    grow();
    box.focus();
    return [chat, value];
  }

  /** Gives back what could not be sent, unless something new was begun. */
  function giveBack(id, value) {
    const key = draftKey(id);
    if (sessionStorage.getItem(key)) return;
    sessionStorage.setItem(key, value);
    if (id === chat && !text().value) {
      text().value = value;
      grow();
    }
  }

  /** Focus what the server has just drawn, or is drawing; whoever moves on is left alone. */
  function focus(what, tries = 40) {
    requestAnimationFrame(() => {
      const free = !document.activeElement || document.activeElement === document.body;
      if (tries === 40 || free) $(what)?.focus();
      if (tries > 0) setTimeout(() => focus(what, tries - 1), 50);
    });
  }

  function view(name) {
    const desk = $(".desk");
    if (desk) desk.dataset.view = name;
    document.querySelectorAll(".tabs button").forEach((tab) => {
      tab.setAttribute("aria-pressed", String(tab.dataset.view === name));
    });
  }

  function toast(words, kind = "info") {
    const box = $(kind === "error" ? ".toasts-errors" : ".toasts-infos");
    const note = document.createElement("div");
    note.className = `toast toast-${kind}`;
    note.textContent = words;
    if (kind !== "error") box.replaceChildren();
    box.append(note);
    setTimeout(() => note.remove(), kind === "error" ? 9000 : 3500);
  }

  function dialog(name) {
    const found = $(`dialog.${name}`);
    if (!found || found.open) return;
    found.showModal();
    const first = "input:checked, .dialog-foot .btn-primary:not([hidden]), .dialog-foot .btn";
    found.querySelector(first)?.focus();
  }

  function close(name) {
    $(`dialog.${name}`)?.close();
  }

  const picked = (name) => $(`dialog input[name=${name}]:checked`);

  function nextTheme() {
    const order = ["", "light", "dark"];
    const at = order.indexOf(root.dataset.theme ?? "");
    const next = order[(at + 1) % order.length];
    if (next) root.dataset.theme = next;
    else delete root.dataset.theme;
    if (next) localStorage.setItem("amends.desk.theme", next);
    else localStorage.removeItem("amends.desk.theme");
    toast(next ? `Theme: ${next}` : "Theme: as your system");
  }

  function title(words) {
    unreadTitle = words;
    document.title = words;
  }

  // Times in the reader's own zone.
  const sameDay = (a, b) => a.toDateString() === b.toDateString();
  function localise(scope) {
    scope.querySelectorAll("time:not([data-local])").forEach((element) => {
      const at = new Date(element.dateTime);
      const clock = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      const day = at.toLocaleDateString([], { day: "numeric", month: "short" });
      element.textContent = sameDay(at, new Date()) ? clock : `${day}, ${clock}`;
      element.title = at.toLocaleString();
      element.dataset.local = "yes";
    });
  }

  function follow() {
    const log = $(".transcript");
    if (!log) return;
    if (log.dataset.follow !== "no") log.scrollTop = log.scrollHeight;
    else if (log.dataset.count !== String(log.querySelectorAll(".msg").length)) {
      $(".to-latest")?.classList.add("shown");
    }
    log.dataset.count = String(log.querySelectorAll(".msg").length);
  }

  function watchLog() {
    const log = $(".transcript");
    log.addEventListener("scroll", () => {
      const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
      log.dataset.follow = atEnd ? "yes" : "no";
      if (atEnd) $(".to-latest")?.classList.remove("shown");
    });
  }

  function toLatest() {
    $(".transcript").dataset.follow = "yes";
    follow();
  }

  function onKey(event) {
    const target = event.target;
    if (target.matches?.(".composer textarea")) {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        $(".composer .send")?.click();
        return;
      }
      if (event.key === "Escape") $(".row[aria-current=true]")?.focus();
    }
    if (target.matches?.(".row") && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1, target);
      return;
    }
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    if (document.querySelector("dialog[open]")) return;
    const wanted = event.code === "KeyJ" ? 1 : event.code === "KeyK" ? -1 : 0;
    if (wanted) {
      event.preventDefault();
      step(wanted, document.activeElement);
      return;
    }
    const button = [...document.querySelectorAll(`[data-key="${event.code}"]`)].find(
      (one) => !one.disabled && !one.closest("[hidden]"),
    );
    if (!button) return;
    event.preventDefault();
    if (button.matches("textarea")) button.focus();
    else button.click();
  }

  function step(by, from) {
    const rows = [...document.querySelectorAll(".row")];
    if (!rows.length) return;
    const at = rows.indexOf(from);
    const start = at >= 0 ? at : by > 0 ? -1 : 0;
    rows[(start + by + rows.length) % rows.length].focus();
  }

  function ready() {
    root.lang = "en";
    watchLog();
    localise(document);
    text().addEventListener("input", () => {
      grow();
      if (chat) sessionStorage.setItem(draftKey(chat), text().value);
    });
    new MutationObserver(() => {
      localise(document);
      follow();
    }).observe($(".desk"), { childList: true, subtree: true, characterData: true });
    document.addEventListener("keydown", onKey);
    document.addEventListener("visibilitychange", () => {
      emitEvent("desk_visible", document.visibilityState === "visible");
    });
    addEventListener("resize", follow);
    if (unreadTitle) document.title = unreadTitle;
  }

  window.desk = {
    close, dialog, focus, giveBack, nextTheme, openChat, picked, ready, takeText, title, toast,
    toLatest, view,
  };
})();
