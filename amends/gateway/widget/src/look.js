/** Colours, side and size: what the company chose, fitted to the visitor's screen. */

import { cssColor, parseColor, readableAgainst, readableOn } from "./color.js";

const DEFAULT_COLOR = [38, 84, 74];
// The panel's backgrounds in widget.css, against which the accent must stay readable.
const SURFACE = { light: [255, 255, 255], dark: [24, 26, 30] };
const PHONE = "(max-width: 519px), (max-height: 459px) and (max-width: 959px)";

export class Look {
  #host;
  #root;
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #phone = matchMedia(PHONE);
  #onPhone;
  #listening = new AbortController();

  /**
   * @param {HTMLElement} host carries the data attributes
   * @param {HTMLElement} root everything inside the shadow root
   * @param {(phone: boolean) => void} onPhone
   */
  constructor(host, root, onPhone) {
    this.#host = host;
    this.#root = root;
    this.#onPhone = onPhone;
    const { signal } = this.#listening;
    this.#dark.addEventListener("change", () => this.apply(), { signal });
    this.#phone.addEventListener("change", () => this.apply(), { signal });
    // The visible part shrinks when a phone's keyboard opens; 100dvh does not.
    for (const kind of ["resize", "scroll"])
      window.visualViewport?.addEventListener(kind, () => this.fit(), { signal });
    this.apply();
  }

  get isPhone() {
    return this.#phone.matches;
  }

  apply() {
    const { theme, position, color } = this.#host.dataset;
    const fixed = theme === "light" || theme === "dark" ? theme : null;
    const scheme = fixed || (this.#dark.matches ? "dark" : "light");
    const accent = parseColor(color, this.#root) || DEFAULT_COLOR;
    const { classList, style } = this.#root;
    classList.toggle("dark", scheme === "dark");
    classList.toggle("left", position === "left");
    classList.toggle("phone", this.#phone.matches);
    style.setProperty("--accent", cssColor(accent));
    style.setProperty("--on-accent", cssColor(readableOn(accent)));
    style.setProperty("--accent-text", cssColor(readableAgainst(accent, SURFACE[scheme])));
    this.#onPhone(this.#phone.matches);
    this.fit();
  }

  fit() {
    const view = window.visualViewport;
    if (!view || view.scale > 1.05) return; // a zooming visitor reads, the layout stays
    this.#root.style.setProperty("--view-height", `${view.height}px`);
    this.#root.style.setProperty("--view-top", `${view.offsetTop}px`);
  }

  drop() {
    this.#listening.abort();
  }
}
