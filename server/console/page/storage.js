// The browser's storage. If it is full or forbidden, or holds invalid text, the page works without it.

/** Reads JSON from "localStorage" or "sessionStorage"; null if there is none. */
export function load(area, key) {
  try {
    return JSON.parse(window[area].getItem(key));
  } catch {
    return null;
  }
}

/** Stores a value as JSON; undefined removes it. */
export function save(area, key, value) {
  try {
    if (value === undefined) window[area].removeItem(key);
    else window[area].setItem(key, JSON.stringify(value));
  } catch {
    // not stored
  }
}
