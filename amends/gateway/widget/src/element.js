/** The custom element: reads the company's choices and ties the parts together. */

import { Api } from "./api.js";
import { h } from "./dom.js";
import { Launcher } from "./launcher.js";
import { Look } from "./look.js";
import { Panel } from "./panel.js";
import { Session } from "./session.js";
import { openStore } from "./store.js";
import { tagFor, textsFor } from "./texts.js";
import css from "./widget.css";

const OPEN = "open"; // this tab: the visitor's last word on whether the chat is open

export class AmendsWidget extends HTMLElement {
  static observedAttributes = ["data-identity", "data-color", "data-theme", "data-position"];
  static defaultServer = location.origin;

  #parts = null;
  #leaving = null;
  #returnTo = null;
  #queued = false;

  connectedCallback() {
    if (!this.#parts) this.#build();
    this.#listen();
    const { session, store } = this.#parts;
    session.resume();
    if (store.tab.read(OPEN) ?? this.#opensItself) this.#show();
    this.#update();
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#parts.look.drop();
    this.#parts.session.leavePage();
    this.#parts = null;
    this.shadowRoot.replaceChildren();
  }

  attributeChangedCallback(name, _before, value) {
    if (!this.#parts) return;
    if (name === "data-identity") this.#parts.session.identify(value || null);
    else this.#parts.look.apply();
  }

  /**
   * Opens the chat and moves the focus into it.
   * @param {string} [text] offered in the composer if the visitor has typed nothing yet
   */
  open(text) {
    const { panel, store } = this.#parts;
    if (text) panel.composer.suggest(String(text));
    if (!panel.isOpen) {
      this.#returnTo = document.activeElement;
      this.#show();
      store.tab.write(OPEN, true);
      this.#tell("open", {});
    }
    panel.focus();
  }

  /** Closes the chat and gives the focus back. */
  close() {
    const { panel, store } = this.#parts;
    store.tab.write(OPEN, false);
    if (!panel.isOpen) return;
    panel.hide();
    this.#update();
    this.#giveFocusBack();
    this.#tell("close", {});
  }

  /** Whether the site wants it open from the start; on a phone it would cover the page. */
  get #opensItself() {
    const wanted = "open" in this.dataset && this.dataset.open !== "false";
    return wanted && !this.#parts.look.isPhone;
  }

  #build() {
    const { name, greeting, language, identity, server } = this.dataset;
    const spoken = language || document.documentElement.lang || "en";
    const t = textsFor(spoken);
    const origin = new URL(server || AmendsWidget.defaultServer, location.href).origin;
    const store = openStore(origin);
    const visitor = { identity: identity || null, language: spoken.split("-")[0] };
    const session = new Session(new Api(origin), store, visitor, {
      changed: () => this.#soon(),
      message: (message) => this.#tell("message", { message }),
      reset: () => this.#parts?.panel.reset(),
      notice: (code, text) => this.#notice(t, code, text),
    });
    const casePage = `${origin}/case?lang=${t.lang}`;
    const options = { name: name || location.hostname, store, casePage };
    const panel = new Panel(t, session, options, { close: () => this.close() });
    const launcher = new Launcher(t, greeting, store.tab, {
      toggle: () => (panel.isOpen ? this.close() : this.open()),
      open: () => this.open(),
    });
    const root = h("div", { class: "root", lang: tagFor(t, spoken), dir: t.direction });
    root.append(panel.node, launcher.node);
    this.#shadow().replaceChildren(root);
    const look = new Look(this, root, (phone) => panel.setModal(phone));
    this.#parts = { t, store, session, panel, launcher, look };
  }

  #shadow() {
    if (this.shadowRoot) return this.shadowRoot;
    const shadow = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // needs no 'unsafe-inline' in the site's policy
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
    return shadow;
  }

  #listen() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    const { session } = this.#parts;
    const on = (target, kind, listener) => target.addEventListener(kind, listener, { signal });
    on(window, "storage", (event) => session.storageChanged(event));
    on(window, "online", () => session.retry());
    on(window, "offline", () => this.#soon());
    on(window, "pagehide", () => session.leavePage());
    on(window, "pageshow", (event) => event.persisted && session.returnToPage());
    on(document, "visibilitychange", () => {
      session.setHidden(document.hidden);
      this.#soon();
    });
  }

  #show() {
    this.#parts.panel.show();
    this.#update();
    this.#parts.panel.toEnd();
  }

  #giveFocusBack() {
    const target = this.#returnTo;
    this.#returnTo = null;
    const usable = target?.isConnected && target !== this && target !== document.body;
    if (usable) target.focus({ preventScroll: true });
    else this.#parts.launcher.focus();
  }

  #notice(t, code, text) {
    if (!this.#parts) return;
    const { panel } = this.#parts;
    if (text) panel.composer.suggest(text);
    panel.say(code === "renewed" ? t.renewed : t.errors[code] || t.errors.unknown);
  }

  /** Several changes in one go are drawn once. */
  #soon() {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      if (this.#parts) this.#update();
    });
  }

  #update() {
    const { session, panel, launcher } = this.#parts;
    panel.update();
    if (panel.isOpen && !document.hidden) session.markSeen();
    launcher.update(panel.isOpen, session.unread);
  }

  #tell(kind, detail) {
    const options = { detail, bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent(`amends:${kind}`, options));
  }
}
