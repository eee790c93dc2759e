/** Puts the widget on the page that includes this script. */

import { AmendsWidget } from "./element.js";

const script = document.currentScript || document.querySelector('script[src*="widget.js"]');

function start() {
  if (customElements.get("amends-widget")) return; // the script is on the page twice
  if (script?.src) AmendsWidget.defaultServer = new URL(script.src).origin;
  const chosen = script ? { ...script.dataset } : {};
  const placed = document.querySelector("amends-widget");
  const widget = placed || document.createElement("amends-widget");
  for (const [name, value] of Object.entries(chosen)) widget.dataset[name] ??= value;
  customElements.define("amends-widget", AmendsWidget);
  customElements.upgrade(widget);
  if (!placed) document.body.append(widget);
  window.Amends = {
    open: (text) => widget.open(text),
    close: () => widget.close(),
    element: widget,
  };
  widget.dispatchEvent(new CustomEvent("amends:ready", { bubbles: true, composed: true }));
}

if (document.body) start();
else document.addEventListener("DOMContentLoaded", start);
