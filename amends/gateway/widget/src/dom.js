/** Small helpers to build nodes. Content only ever becomes text nodes, never markup. */

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  chat: "M12 3.5c-5 0-9 3.4-9 7.7 0 2.2 1.1 4.2 2.8 5.6-.1 1-.6 2.2-1.6 3.2 1.9 0 3.6-.7 4.8-1.5.9.3 1.9.4 3 .4 5 0 9-3.4 9-7.7s-4-7.7-9-7.7z",
  down: "M6 9.5l6 6 6-6",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  send: "M12 19V5.5M6 11.5l6-6 6 6",
  person: "M12 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5zM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
  fresh: "M12 5v14M5 12h14",
  case: "M7 4h10a1.5 1.5 0 0 1 1.5 1.5V20l-3.2-2-3.3 2-3.3-2-3.2 2V5.5A1.5 1.5 0 0 1 7 4zM9 9h6M9 13h4",
  offer: "M4 9h16v3H4zM5.5 12v8h13v-8M12 9v11M12 9C9 9 7.5 7.8 7.5 6.200S9.8 4 12 9c2.2-5 4.5-4.4 4.5-2.800S15 9 12 9z",
  promise: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.2 12.300l2.6 2.6 5-5.4",
  star: "M12 4l2.5 5.1 5.6.8-4.1 4 1 5.6-5-2.7-5 2.7 1-5.6-4.1-4 5.6-.8z",
};

/**
 * Builds an element.
 * @param {string} tag
 * @param {Object} props attributes; a name starting with "on" is an event listener
 * @param {...(Node|string|null)} children strings become text nodes
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Returns a decorative icon, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * Splits a text into plain strings and links; only http and https addresses become links.
 * @param {string} text
 * @returns {Array<string|HTMLAnchorElement>}
 */
export function linked(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"'\u0060]+/gi)) {
    const address = match[0].replace(/[.,;:!?…)\]}]+$/u, "");
    const link = safeLink(address);
    if (!link) continue;
    parts.push(text.slice(from, match.index), link);
    from = match.index + address.length;
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part !== "");
}

function safeLink(address) {
  try {
    const url = new URL(address);
    if (url.protocol !== "http:" && url.protocol !== "https:") return null;
    return h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, address);
  } catch {
    return null;
  }
}
