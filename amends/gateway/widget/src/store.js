/** What the browser keeps for us, for as long as it lets us. */

class MemoryArea {
  #values = new Map();
  getItem(key) {
    return this.#values.has(key) ? this.#values.get(key) : null;
  }
  setItem(key, value) {
    this.#values.set(key, value);
  }
  removeItem(key) {
    this.#values.delete(key);
  }
}

/** Returns a storage area, or null where the visitor or the browser blocks it. */
function usableArea(name) {
  try {
    const area = window[name];
    area.setItem("amends:probe", "1");
    area.removeItem("amends:probe");
    return area;
  } catch {
    return null;
  }
}

class Shelf {
  #area;
  #prefix;

  constructor(area, prefix) {
    this.#area = area;
    this.#prefix = prefix;
  }

  /** Tells which of our keys a storage event is about, or null. */
  keyOf(event) {
    if (event.storageArea !== this.#area || !event.key) return null;
    return event.key.startsWith(this.#prefix) ? event.key.slice(this.#prefix.length) : null;
  }

  read(key) {
    try {
      return JSON.parse(this.#area.getItem(this.#prefix + key));
    } catch {
      return null;
    }
  }

  write(key, value) {
    try {
      if (value === null) this.#area.removeItem(this.#prefix + key);
      else this.#area.setItem(this.#prefix + key, JSON.stringify(value));
    } catch {
      // A full storage costs the visitor a convenience, never the chat.
    }
  }
}

/**
 * Opens two shelves: `shared` by all tabs of the site, `tab` for this one alone.
 * @param {string} server origin of the gateway, part of every key
 */
export function openStore(server) {
  const tab = usableArea("sessionStorage") || new MemoryArea();
  const shared = usableArea("localStorage") || tab;
  const prefix = `amends:${server}:`;
  return { shared: new Shelf(shared, prefix), tab: new Shelf(tab, prefix) };
}

/** How long a tab's storage may take until every other tab reads the same, on a busy machine. */
const SEEN_BY_ALL_MS = 500;

/**
 * Does the work while no other tab of this site does, where the browser can tell. The next tab's
 * turn comes a little later than our result: tabs are processes, and storage takes its time.
 */
export function oneTabAtATime(work) {
  if (!navigator.locks) return work();
  return new Promise((resolve, reject) => {
    const turn = async () => {
      resolve(await work());
      await new Promise((seen) => setTimeout(seen, SEEN_BY_ALL_MS));
    };
    navigator.locks.request("amends:create", turn).catch(reject);
  });
}
