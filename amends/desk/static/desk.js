/** What happens in the browser alone: theme, drafts, shortcuts, focus, toasts, dialogs. */
(() => {
  const $ = (selector) => document.querySelector(selector);
  const root = document.documentElement;
  const draftKey = (id, kind) => `amends.desk.draft.${id}${kind === "note" ? ".note" : ""}`;
  const kindKey = (id) => `amends.desk.writes.${id}`;
  const SENDING = "amends.desk.sending";
  const AGAIN_MS = 6000;
  let chat = null;
  let unreadTitle = "";
  let againTimer = 0;

  const text = () => $(".composer textarea");

  function grow() {
    const box = text();
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, 200)}px`;
  }

  const kind = () => $(".composer").dataset.kind;

  function openChat(id) {
    chat = id;
    show(sessionStorage.getItem(kindKey(id)) ?? "reply");
    history.replaceState(null, "", id ? `/?chat=${id}` : "/");
    $(".transcript").dataset.follow = "yes";
  }

  /** Write to the customer or to colleagues; each has its own draft. */
  function write(wanted) {
    if (chat) sessionStorage.setItem(kindKey(chat), wanted);
    show(wanted);
    text().focus();
  }

  function show(wanted) {
    const box = text();
    const composer = $(".composer");
    const now = composer.dataset.allowed === "note" ? "note" : wanted;
    composer.dataset.kind = now;
    box.value = (chat && sessionStorage.getItem(draftKey(chat, now))) ?? "";
    box.setAttribute("aria-label", box.dataset[`${now}Label`]);
    box.placeholder = box.dataset[`${now}Hint`];
    const send = $(".composer .send");
    send.textContent = send.dataset[`${now}Label`];
    document.querySelectorAll(".composer .kind").forEach((one) => {
      one.setAttribute("aria-pressed", String(one.dataset.writes === now));
    });
    grow();
  }

  /** What may be written has changed on the server's side: a reply must not become a note. */
  function watchAllowed() {
    new MutationObserver(() => {
      show((chat && sessionStorage.getItem(kindKey(chat))) ?? "reply");
    }).observe($(".composer"), { attributeFilter: ["data-allowed"] });
  }

  const sending = () => JSON.parse(sessionStorage.getItem(SENDING) ?? "[]");

  function keepSending(left) {
    sessionStorage.setItem(SENDING, JSON.stringify(left));
    clearTimeout(againTimer);
    if (left.length) againTimer = setTimeout(sendAgain, AGAIN_MS);
  }

  /** A connection that breaks loses what was on its way: what the server has not told of goes again. */
  function sendAgain() {
    sending().forEach((one) => emitEvent("desk_again", one));
    keepSending(sending());
  }

  /** The server has it, or has given it back. */
  function sent(key) {
    keepSending(sending().filter((one) => one[3] !== key));
  }

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  }

  /** Returns the text to send and empties the box; null when there is nothing to send. */
  function takeText() {
    const box = text();
    const value = box.value;
    if (!value.trim() || !chat) return null;
    const written = kind();
    box.value = "";
    sessionStorage.removeItem(draftKey(chat, written));
    // A note is an aside: what is typed next is an answer again.
    if (written === "note" && $(".composer").dataset.allowed === "both") write("reply");
    grow();
    box.focus();
    const taken = [chat, value, written, newKey()];
    keepSending([...sending(), taken]);
    return taken;
  }

  /** Gives back what could not be sent, unless something new was begun. */
  function giveBack(id, value, written) {
    const key = draftKey(id, written);
    if (sessionStorage.getItem(key)) return;
    sessionStorage.setItem(key, value);
    if (id === chat && written === kind() && !text().value) {
      text().value = value;
      grow();
    }
  }

  /** Focus what the server has just drawn, or is drawing; whoever moves on is left alone. */
  function focus(what, tries = 40) {
    requestAnimationFrame(() => {
      if (tries === 40 || isFree()) $(what)?.focus();
      if (tries > 0) setTimeout(() => focus(what, tries - 1), 50);
    });
  }

  function isFree() {
    const at = document.activeElement;
    return !at || at === document.body || at.closest("[hidden]") !== null;
  }

  /** After a step its button may be gone: go to what can be done next, and stay once there. */
  function settle(tries = 40) {
    const places = [".composer:not([hidden]) textarea", ".acts .btn:not([hidden])",
      ".row[aria-current=true]", ".left .row", ".nobody .btn", ".transcript"];
    requestAnimationFrame(() => {
      if (document.querySelector("dialog[open]")) return;
      if (isFree()) {
        const shown = places.flatMap((one) => [...document.querySelectorAll(one)])
          .find((one) => !one.closest("[hidden]") && one.offsetParent !== null);
        shown?.focus();
      }
      if (tries > 0) setTimeout(() => settle(tries - 1), 50);
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
    if (kind === "info") box.querySelectorAll(".toast-info").forEach((one) => one.remove());
    box.append(note);
    setTimeout(() => note.remove(), { error: 9000, news: 7000 }[kind] ?? 3500);
  }

  function dialog(name) {
    const found = $(`dialog.${name}`);
    if (!found || found.open) return;
    found.querySelectorAll(".refusal").forEach((one) => (one.hidden = true));
    found.querySelectorAll(".needed input").forEach((one) => (one.checked = false));
    found.showModal();
    const first = "input:checked, .dialog-foot .btn-primary:not([hidden]), .dialog-foot .btn";
    found.querySelector(first)?.focus();
  }

  function close(name) {
    $(`dialog.${name}`)?.close();
  }

  /** Say in an open dialog why it was not done; what was written stays. */
  function refuse(name, words) {
    const line = $(`dialog.${name} .refusal`);
    if (!line) return toast(words, "error");
    line.textContent = words;
    line.hidden = false;
    line.scrollIntoView({ block: "nearest" });
  }

  /** How a chat ends, as its dialog says, and whether a person was needed; closes the dialog. */
  function ending(name) {
    const said = ["outcome", `${name}-needed`].map((field) => picked(field)?.value ?? "");
    close(name);
    return said;
  }

  function passing() {
    const target = picked("target")?.value;
    return target ? [target, $("dialog.pass textarea").value] : null;
  }

  function passedOn() {
    $("dialog.pass textarea").value = "";
    close("pass");
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
    toast($(".desk").dataset[`theme${next ? next[0].toUpperCase() + next.slice(1) : "System"}`]);
  }

  function title(words) {
    unreadTitle = words;
    document.title = words;
  }

  // Times in the reader's own zone.
  /** The desk's language, as this browser's reader writes it: "en" may be British English. */
  const language = () => navigator.languages.find((one) => one.startsWith(root.lang)) ?? root.lang;
  const sameDay = (a, b) => a.toDateString() === b.toDateString();
  function localise(scope) {
    scope.querySelectorAll("time:not([data-local])").forEach((element) => {
      const at = new Date(element.dateTime);
      const clock = at.toLocaleTimeString(language(), { hour: "2-digit", minute: "2-digit" });
      const day = at.toLocaleDateString(language(), { day: "numeric", month: "short" });
      element.textContent = sameDay(at, new Date()) ? clock : `${day}, ${clock}`;
      element.title = at.toLocaleString(language());
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
    if (event.key === "Enter" && target.matches?.("dialog input[type=radio]")) {
      event.preventDefault();
      target.closest("dialog").querySelector(".dialog-foot .btn-primary:not([hidden])")?.click();
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
    if (!button && event.code === "KeyN") return emitEvent("desk_first"); // from within any chat
    if (!button) return;
    event.preventDefault();
    if (!button.matches("textarea")) button.click();
    else if ($(".composer").dataset.allowed === "both") write("reply");
    else button.focus();
  }

  function step(by, from) {
    const rows = [...document.querySelectorAll(".row")];
    if (!rows.length) return;
    const at = rows.indexOf(from);
    const start = at >= 0 ? at : by > 0 ? -1 : 0;
    rows[(start + by + rows.length) % rows.length].focus();
  }

  function ready(language) {
    root.lang = language;
    watchLog();
    watchAllowed();
    desk.showSwitches();
    if (localStorage.getItem(desk.FILTER) === "me") emitEvent("desk_filter", "me");
    localise(document);
    text().addEventListener("input", () => {
      grow();
      if (chat) sessionStorage.setItem(draftKey(chat, kind()), text().value);
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
    keepSending(sending());
  }

  window.desk = {
    close, dialog, ending, focus, giveBack, nextTheme, openChat, passedOn, passing, picked, ready, refuse,
    sent, settle, takeText, title, toast, toLatest, view, write,
  };
})();
