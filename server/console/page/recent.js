// Functions that were used before. Their names are stored in localStorage; their arguments, which may be private, only in this
// tab's sessionStorage.

import { load, save } from "/console/storage.js";

const FUNCTIONS = "convexgateway.functions";
const ARGUMENTS = "convexgateway.arguments";
const KINDS = ["query", "subscribe", "watch", "mutate", "action"];
const MAX_FUNCTIONS = 24;
const MAX_ARGUMENTS = 20_000; // characters; longer arguments are not stored

/** Returns the functions, `{kind, path}`, newest first. */
export function recent() {
  const list = load("localStorage", FUNCTIONS);
  return Array.isArray(list) ? list.filter((f) => typeof f?.path === "string" && KINDS.includes(f.kind)).slice(0, MAX_FUNCTIONS) : [];
}

export function remember(kind, path, args) {
  const others = recent().filter((f) => f.kind !== kind || f.path !== path);
  save("localStorage", FUNCTIONS, [{ kind, path }, ...others].slice(0, MAX_FUNCTIONS));
  const kept = allArguments().filter(([other]) => other !== path);
  if (args.length <= MAX_ARGUMENTS) kept.push([path, args]);
  save("sessionStorage", ARGUMENTS, kept.slice(-MAX_FUNCTIONS));
}

/** Returns the last arguments of a function in this tab. */
export function lastArguments(path) {
  return allArguments().find(([other]) => other === path)?.[1];
}

export function forgetAll() {
  save("localStorage", FUNCTIONS, undefined);
  save("sessionStorage", ARGUMENTS, undefined);
}

function allArguments() {
  const kept = load("sessionStorage", ARGUMENTS);
  return Array.isArray(kept) ? kept.filter((pair) => Array.isArray(pair) && typeof pair[1] === "string") : [];
}
