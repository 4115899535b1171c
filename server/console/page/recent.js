// Functions that were used before. Their names are kept in localStorage; their arguments, which may be private, only in
// this tab's sessionStorage.

const FUNCTIONS = "convexgateway.functions";
const ARGUMENTS = "convexgateway.arguments";
const KINDS = ["query", "subscribe", "mutate", "action"];
const MOST = 24;
const LONGEST = 20_000; // characters of arguments that are kept

/** The functions, `{kind, path}`, newest first. */
export function recent() {
  const list = read(localStorage, FUNCTIONS, []);
  return Array.isArray(list) ? list.filter((f) => typeof f?.path === "string" && KINDS.includes(f.kind)).slice(0, MOST) : [];
}

export function remember(kind, path, args) {
  const others = recent().filter((f) => f.kind !== kind || f.path !== path);
  write(localStorage, FUNCTIONS, [{ kind, path }, ...others].slice(0, MOST));
  const kept = Object.entries(read(sessionStorage, ARGUMENTS, {})).filter(([key]) => key !== path);
  if (args.length <= LONGEST) kept.push([path, args]);
  write(sessionStorage, ARGUMENTS, Object.fromEntries(kept.slice(-MOST)));
}

/** The arguments a function was given last in this tab. */
export function lastArguments(path) {
  const kept = read(sessionStorage, ARGUMENTS, {});
  return Object.hasOwn(kept, path) && typeof kept[path] === "string" ? kept[path] : undefined;
}

export function forgetAll() {
  localStorage.removeItem(FUNCTIONS);
  sessionStorage.removeItem(ARGUMENTS);
}

function read(storage, key, otherwise) {
  try {
    return JSON.parse(storage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise; // somebody else's text, or no storage
  }
}

function write(storage, key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // full, or forbidden: the page works without
  }
}
