// A value as lines of JSON, with marks where it differs from an earlier value.

const NOTHING = Symbol("nothing to compare with");
const MAX_TABLE = 250_000; // cells of the longest-common-subsequence table

/**
 * Returns lines, `{depth, mark, parts, was}`. `mark` is "", "added", "removed" or "changed"; `parts` are `{kind, text}`;
 * `was` is the earlier text of a changed value.
 */
export function linesOf(value) {
  return new Lines().walk(NOTHING, value, 0, [], "").lines;
}

/** Returns the lines of `now`, and between them those that were removed since `before`. */
export function compare(before, now) {
  return new Lines().walk(before, now, 0, [], "").lines;
}

/** Returns how many lines have each mark. */
export function countMarks(lines) {
  const counts = { added: 0, removed: 0, changed: 0 };
  for (const { mark } of lines) if (mark) counts[mark]++;
  return counts;
}

class Lines {
  lines = [];

  /** Adds the lines of a value. `name` is the parts before it, `tail` the comma after it. */
  walk(before, now, depth, name, tail) {
    if (before === NOTHING || same(before, now)) return this.#whole(now, depth, name, tail, "");
    if (Array.isArray(before) && Array.isArray(now)) {
      return this.#list("[", "]", depth, name, tail, align(before, now).map(([b, n]) => [b, n, []]));
    }
    if (isPlain(before) && isPlain(now)) {
      return this.#list("{", "}", depth, name, tail, members(before, now));
    }
    if (isLeaf(before) && isLeaf(now)) {
      return this.#add(depth, "changed", [...name, ...leaf(now), punctuation(tail)], leaf(before).map((p) => p.text).join(""));
    }
    this.#whole(before, depth, name, tail, "removed");
    return this.#whole(now, depth, name, tail, "added");
  }

  /** Adds an array or object. Items are `[before, now, name]`; NOTHING: the item is missing there. */
  #list(open, close, depth, name, tail, items) {
    if (items.length === 0) return this.#add(depth, "", [...name, punctuation(open + close + tail)]);
    this.#add(depth, "", [...name, punctuation(open)]);
    const last = items.findLastIndex(([, now]) => now !== NOTHING);
    items.forEach(([before, now, itemName], i) => {
      const comma = i < last || (now === NOTHING && last >= 0) ? "," : "";
      if (now === NOTHING) this.#whole(before, depth + 1, itemName, comma, "removed");
      else if (before === NOTHING) this.#whole(now, depth + 1, itemName, comma, "added");
      else this.walk(before, now, depth + 1, itemName, comma);
    });
    return this.#add(depth, "", [punctuation(close + tail)]);
  }

  /** Adds a value whose lines all have the same mark. */
  #whole(value, depth, name, tail, mark) {
    if (isLeaf(value)) return this.#add(depth, mark, [...name, ...leaf(value), punctuation(tail)]);
    const isArray = Array.isArray(value);
    const items = isArray ? value.map((item) => [item, []]) : Object.keys(value).map((key) => [value[key], nameOf(key)]);
    this.#add(depth, mark, [...name, punctuation(isArray ? "[" : "{")]);
    items.forEach(([item, itemName], i) => this.#whole(item, depth + 1, itemName, i < items.length - 1 ? "," : "", mark));
    return this.#add(depth, mark, [punctuation((isArray ? "]" : "}") + tail)]);
  }

  #add(depth, mark, parts, was) {
    this.lines.push({ depth, mark, parts: parts.filter((part) => part.text !== ""), was });
    return this;
  }
}

function members(before, now) {
  const list = Object.keys(now).map((key) => [Object.hasOwn(before, key) ? before[key] : NOTHING, now[key], nameOf(key)]);
  for (const key of Object.keys(before)) if (!Object.hasOwn(now, key)) list.push([before[key], NOTHING, nameOf(key)]);
  return list;
}

/** Pairs the items of two arrays: documents by their _id, others by equality, and the remaining ones between them in order. */
function align(before, now) {
  const a = before.map(identify);
  const b = now.map(identify);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const pairs = [];
  for (let i = 0; i < start; i++) pairs.push([before[i], now[i]]);
  const middle = { a: a.slice(start, a.length - end), b: b.slice(start, b.length - end) };
  for (const [i, j] of subsequence(middle.a, middle.b)) {
    pairs.push([i < 0 ? NOTHING : before[start + i], j < 0 ? NOTHING : now[start + j]]);
  }
  for (let i = end; i > 0; i--) pairs.push([before[a.length - i], now[b.length - i]]);
  return pairUnnamed(pairs);
}

function identify(item) {
  return isPlain(item) && typeof item._id === "string" ? `_id ${item._id}` : JSON.stringify(item);
}

/** Returns the pairs of indexes of a longest common subsequence, -1 for none. */
function subsequence(a, b) {
  if (a.length * b.length > MAX_TABLE) return [...a.map((_, i) => [i, -1]), ...b.map((_, j) => [-1, j])];
  const length = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const pairs = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) pairs.push([i++, j++]);
    else if (j === b.length || (i < a.length && length[i + 1][j] >= length[i][j + 1])) pairs.push([i++, -1]);
    else pairs.push([-1, j++]);
  }
  return pairs;
}

/** Makes removed items without _id and the items added right after them pairs of before and now. */
function pairUnnamed(pairs) {
  const joined = [];
  let removed = []; // the removed ones at the end of joined
  for (const [before, now] of pairs) {
    if (before === NOTHING && !hasId(now) && removed.length > 0) {
      removed.shift()[1] = now;
      continue;
    }
    const pair = [before, now];
    joined.push(pair);
    if (now === NOTHING && !hasId(before)) removed.push(pair);
    else removed = [];
  }
  return joined;
}

const hasId = (item) => isPlain(item) && typeof item._id === "string";

function same(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

/** Whether a value takes one line: scalars, empty lists and objects, and Convex's encodings of other kinds. */
function isLeaf(value) {
  return typeof value !== "object" || value === null || Object.keys(value).length === 0 || special(value) !== undefined;
}

const isPlain = (value) => typeof value === "object" && value !== null && !Array.isArray(value) && special(value) === undefined;

function leaf(value) {
  const text = jsonText(value);
  if (typeof value === "string") return [{ kind: "string", text }];
  if (typeof value === "number") return [{ kind: "number", text }];
  if (typeof value !== "object" || value === null) return [{ kind: "literal", text }];
  const meaning = special(value);
  return meaning === undefined ? [punctuation(text)] : [{ kind: "string", text }, { kind: "meaning", text: ` ${meaning}` }];
}

/** Describes an object that encodes an Int64, bytes or a special float; undefined for other objects. */
function special(value) {
  const [key, ...more] = Object.keys(value);
  if (more.length > 0 || typeof value[key] !== "string" || !["$integer", "$float", "$bytes"].includes(key)) return undefined;
  const bytes = decodeBase64(value[key]);
  if (!bytes) return undefined;
  if (key === "$bytes") return `${bytes.length} bytes`;
  if (bytes.length !== 8) return undefined;
  const view = new DataView(bytes.buffer);
  return key === "$integer" ? `Int64 ${view.getBigInt64(0, true)}` : `Float64 ${describeFloat(view.getFloat64(0, true))}`;
}

const describeFloat = (number) => (Object.is(number, -0) ? "-0" : String(number));

export function decodeBase64(text) {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** JSON in which characters that change the direction of a line or end it are escaped. */
function jsonText(value) {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const nameOf = (key) => [{ kind: "name", text: jsonText(key) }, punctuation(": ")];

const punctuation = (text) => ({ kind: "punctuation", text });
