/** The company's colour, and what can be read on it. */

const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];
const INK = [17, 20, 24];

/**
 * Reads any CSS colour that the browser computes to rgb().
 * @returns {number[]|null} red, green and blue, 0 to 255; null if it is no such colour
 */
export function parseColor(value, probe) {
  if (!value || !CSS.supports("color", value)) return null;
  probe.style.color = value;
  const parts = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)/.exec(getComputedStyle(probe).color);
  probe.style.color = "";
  return parts ? parts.slice(1, 4).map(Number) : null;
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Returns the WCAG contrast ratio of two colours, 1 to 21. */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function mix(from, to, share) {
  return from.map((channel, at) => Math.round(channel + (to[at] - channel) * share));
}

/** Returns white or ink, whichever reads better on the colour. */
export function readableOn(rgb) {
  return contrast(rgb, WHITE) >= 4.5 || contrast(rgb, WHITE) >= contrast(rgb, INK) ? WHITE : INK;
}

/** Returns the colour, darkened or lightened until it reads well as text on the surface. */
export function readableAgainst(rgb, surface) {
  const light = luminance(surface) > 0.4;
  const enough = light ? 4.7 : 6.5;
  for (const target of light ? [BLACK] : [vivid(rgb), WHITE]) {
    for (let share = 0; share <= 1; share += 0.04) {
      const tried = mix(rgb, target, share);
      if (contrast(tried, surface) >= enough) return tried;
    }
  }
  return light ? BLACK : WHITE;
}

/** Returns a pale colour of the same hue: straight to white, a deep green would turn grey. */
function vivid(rgb) {
  const brightest = Math.max(...rgb, 1);
  return mix(
    rgb.map((channel) => (channel * 255) / brightest),
    WHITE,
    0.4,
  );
}

/** Returns the colour as CSS text. */
export function cssColor(rgb) {
  return `rgb(${rgb.join(" ")})`;
}
