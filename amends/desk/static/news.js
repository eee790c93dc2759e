/** News: a toast on a page that is looked at, else a notification; a tone with either. */
(() => {
  const NOTIFY = "amends.desk.notify";
  const SOUND = "amends.desk.sound";
  const TOLD = "amends.desk.told";
  const FILTER = "amends.desk.filter";
  const KEPT = 200;
  const SEEN_BY_ALL_MS = 500; // what a page writes to the storage, others read within this
  let audio = null;

  const isOn = (what) => localStorage.getItem(what) === "on";
  const isLookedAt = () => document.visibilityState === "visible" && document.hasFocus();

  function showSwitch(selector, on, blocked = false) {
    const button = document.querySelector(selector);
    if (!button) return;
    button.textContent = blocked ? button.dataset.blocked : button.dataset[on ? "on" : "off"];
    button.setAttribute("aria-pressed", String(on && !blocked));
  }

  function showSwitches() {
    const blocked = !("Notification" in window) || Notification.permission === "denied";
    const granted = !blocked && Notification.permission === "granted";
    showSwitch(".notify-me", isOn(NOTIFY) && granted, blocked);
    showSwitch(".sound", isOn(SOUND));
  }

  /** Asks the browser only now, after a click. */
  async function notifyMe() {
    const on = isOn(NOTIFY) && Notification.permission === "granted";
    if (!on && "Notification" in window) await Notification.requestPermission();
    localStorage.setItem(NOTIFY, on ? "off" : "on");
    showSwitches();
  }

  function toggleSound() {
    localStorage.setItem(SOUND, isOn(SOUND) ? "off" : "on");
    showSwitches();
    if (isOn(SOUND)) tone();
  }

  /** Two short notes, made here: no file is loaded. */
  function tone() {
    audio ??= new AudioContext();
    audio.resume?.();
    [660, 880].forEach((pitch, at) => {
      const begin = audio.currentTime + at * 0.13;
      const note = audio.createOscillator();
      const volume = audio.createGain();
      note.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, begin);
      volume.gain.exponentialRampToValueAtTime(0.12, begin + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, begin + 0.12);
      note.connect(volume).connect(audio.destination);
      note.start(begin);
      note.stop(begin + 0.13);
    });
  }

  function noteTold(key) {
    const told = JSON.parse(localStorage.getItem(TOLD) ?? "[]");
    if (told.includes(key)) return false;
    localStorage.setItem(TOLD, JSON.stringify([...told, key].slice(-KEPT)));
    return true;
  }

  /**
   * True for the first of this browser's pages that asks. Pages are processes: the next one's turn
   * comes a little later, when it is sure to read what this one has written.
   */
  function isFirstToTell(key) {
    if (!navigator.locks) return Promise.resolve(noteTold(key));
    return new Promise((resolve) => {
      navigator.locks.request(TOLD, async () => {
        const first = noteTold(key);
        resolve(first);
        if (first) await new Promise((seen) => setTimeout(seen, SEEN_BY_ALL_MS));
      });
    });
  }

  async function alert({ key, title: heading, body, chat: id, toasts }) {
    const lookedAt = isLookedAt();
    if (lookedAt && toasts) desk.toast(heading, "news");
    if (!(await isFirstToTell(key))) return;
    if (isOn(SOUND)) tone();
    if (lookedAt || !isOn(NOTIFY) || Notification.permission !== "granted") return;
    const note = new Notification(heading, { body, tag: key });
    note.onclick = () => {
      window.focus();
      emitEvent("desk_open", id);
      note.close();
    };
  }

  /** Remember which of the waiting chats are shown: `me` or `all`. */
  function keepFilter(wanted) {
    localStorage.setItem(FILTER, wanted);
  }

  Object.assign(window.desk, { FILTER, alert, keepFilter, notifyMe, showSwitches, toggleSound });
})();
