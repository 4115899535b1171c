// The browser's storage, which may be full, forbidden, or hold somebody else's text: then the page works without.

/** Reads JSON from "localStorage" or "sessionStorage"; null if there is none. */
export function load(area, key) {
  try {
    return JSON.parse(window[area].getItem(key));
  } catch {
    return null;
  }
}

/** Keeps a value as JSON; undefined removes it. */
export function save(area, key, value) {
  try {
    if (value === undefined) window[area].removeItem(key);
    else window[area].setItem(key, JSON.stringify(value));
  } catch {
    // not kept
  }
}
