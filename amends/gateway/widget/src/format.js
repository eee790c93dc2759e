/** Dates and times in the visitor's language and time zone. */

/** Returns the visitor's regional variety of a language, so that 14:30 is not 2:30 PM to a Briton. */
export function regional(language) {
  return navigator.languages.find((tag) => tag.split("-")[0] === language) || language;
}

function formatted(iso, language, options) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? "" : date.toLocaleString(language, options);
}

/** Returns hours and minutes, "" if there is no such time. */
export function clockTime(iso, language) {
  return formatted(iso, language, { hour: "numeric", minute: "2-digit" });
}

/** Returns day and time, the way one says when something is due. */
export function moment(iso, language) {
  const day = { weekday: "long", day: "numeric", month: "long" };
  return formatted(iso, language, { ...day, hour: "numeric", minute: "2-digit" });
}

/** Returns a key that two moments of the same local day share. */
export function dayKey(iso) {
  return new Date(iso).toDateString();
}

/** Returns "Today", "Yesterday", or the date. */
export function dayName(iso, language, t) {
  const now = new Date();
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (dayKey(iso) === now.toDateString()) return t.today;
  if (dayKey(iso) === yesterday.toDateString()) return t.yesterday;
  return formatted(iso, language, { weekday: "long", day: "numeric", month: "long" });
}
