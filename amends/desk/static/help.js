/** Canned replies in the composer, and the buttons of suggested steps and requests. */
(() => {
  const $ = (selector) => document.querySelector(selector);
  const text = () => $(".composer textarea");
  const panel = () => $(".canned");
  const field = () => $(".canned input");
  const options = () => [...document.querySelectorAll(".canned-option")];
  let at = { start: 0, end: 0 };
  let asked = 0;
  let shown = 0;
  let entered = false; // Enter was pressed before the answer to what was typed had come

  /** Open the picker; what is chosen goes to where the cursor was. */
  function openCanned() {
    if ($(".composer").dataset.allowed !== "both") return;
    if ($(".composer").dataset.kind !== "reply") desk.write("reply");
    const box = text();
    at = { start: box.selectionStart, end: box.selectionEnd };
    field().value = "";
    field().removeAttribute("aria-activedescendant");
    panel().classList.add("waiting"); // what is listed may be of another chat
    panel().hidden = false;
    $(".canned-open").setAttribute("aria-expanded", "true");
    field().focus();
    search();
  }

  function closeCanned() {
    if (panel().hidden) return;
    panel().hidden = true;
    $(".canned-open").setAttribute("aria-expanded", "false");
    text().focus();
    text().setSelectionRange(at.start, at.end);
  }

  function search() {
    asked += 1;
    entered = false;
    emitEvent("desk_canned", [asked, field().value]);
  }

  /** The server has listed what was found; the first is chosen until an arrow key moves on. */
  function showCanned(number) {
    shown = number;
    if (asked !== shown) return;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      panel().classList.remove("waiting");
      choose(0);
      if (entered) take(options()[0]);
    }));
  }

  function choose(index) {
    const all = options();
    all.forEach((one, place) => one.setAttribute("aria-selected", String(place === index)));
    const chosen = all[index];
    if (!chosen) return field().removeAttribute("aria-activedescendant");
    field().setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  const chosenIndex = () => options().findIndex((one) => one.getAttribute("aria-selected") === "true");

  /** Put a text where the cursor was; its first gap is selected, so that typing fills it in. */
  function put(words) {
    const box = text();
    box.setRangeText(words, at.start, at.end, "end");
    const gap = /\{[a-z_]+\}/.exec(words);
    const start = at.start;
    at = { start: box.selectionStart, end: box.selectionEnd };
    if (gap) at = { start: start + gap.index, end: start + gap.index + gap[0].length };
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
    box.setSelectionRange(at.start, at.end);
  }

  /** Put in what a suggested step says: behind what is written already. */
  function insertReply(words) {
    desk.write("reply");
    const box = text();
    const before = box.value && !/\s$/.test(box.value) ? "\n" : "";
    at = { start: box.value.length, end: box.value.length };
    put(before + words);
  }

  function take(option) {
    const words = option?.dataset.text;
    if (!words) return;
    entered = false;
    closeCanned();
    put(words);
  }

  function onFieldKey(event) {
    const all = options();
    const now = chosenIndex();
    const last = all.length - 1;
    const places = { ArrowDown: now >= last ? 0 : now + 1, ArrowUp: now <= 0 ? last : now - 1 };
    if (event.key in places) {
      event.preventDefault();
      choose(places[event.key]);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      if (asked === shown) take(all[now]);
      else entered = true;
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      closeCanned();
    }
  }

  /** A slash at the beginning of a reply opens the picker. */
  function onSlash(event) {
    if (event.key !== "/" || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!event.target.matches?.(".composer textarea") || event.target.value) return;
    if ($(".composer").dataset.kind !== "reply" || $(".composer").dataset.allowed !== "both") return;
    event.preventDefault();
    openCanned();
  }

  function onClick(event) {
    const option = event.target.closest?.(".canned-option");
    if (option) return take(option);
    const button = event.target.closest?.("[data-act]");
    if (button) emitEvent("desk_act", [button.dataset.act, button.dataset.value ?? ""]);
  }

  /** Keep the focus in the search field while an option is pressed. */
  function onPress(event) {
    if (event.target.closest?.(".canned-list")) event.preventDefault();
  }

  function onFocus(event) {
    const box = panel();
    if (!box || box.hidden || box.contains(event.target)) return;
    if (event.target.closest?.(".canned-open")) return;
    box.hidden = true;
    $(".canned-open").setAttribute("aria-expanded", "false");
  }

  const picked = (name, value) =>
    [...document.querySelectorAll(`dialog input[name=${name}]`)].find((one) => one.value === value);

  /** Choose what a suggested step names, once the dialog is drawn. */
  function chooseIn(name, value, tries = 20) {
    requestAnimationFrame(() => {
      const found = picked(name, value);
      if (found) {
        found.checked = true;
        found.focus();
      } else if (tries > 0) setTimeout(() => chooseIn(name, value, tries - 1), 50);
    });
  }

  function asking() {
    const key = document.querySelector("dialog.ask input[name=approval]:checked")?.value;
    return key ? [key, $("dialog.ask textarea").value] : null;
  }

  function askedFor() {
    $("dialog.ask textarea").value = "";
    desk.close("ask");
  }

  /** What the dialog for an exception holds; the server says what is wrong with it. */
  function excepting() {
    const kind = document.querySelector("dialog.exception input[name=exception-kind]:checked");
    const [amount, note] = ["input[name=exception-amount]", "textarea"].map((one) => $(`dialog.exception ${one}`).value);
    return [kind?.value ?? "", amount, note];
  }

  const reason = () => $("dialog.refuse textarea").value;

  function refused() {
    $("dialog.refuse textarea").value = "";
    desk.close("refuse");
  }

  function readyHelp() {
    field().addEventListener("input", search);
    field().addEventListener("keydown", onFieldKey);
    document.addEventListener("keydown", onSlash, true);
    document.addEventListener("mousedown", onPress);
    document.addEventListener("click", onClick);
    document.addEventListener("focusin", onFocus);
  }

  Object.assign(window.desk, {
    asked: askedFor, asking, choose: chooseIn, closeCanned, excepting, insertReply, openCanned, readyHelp,
    reason, refused, showCanned,
  });
})();
