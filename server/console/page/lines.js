// Lines of a value on the page.

import { el, plural } from "/console/dom.js";

const MAX_LINES = 1_500; // more would make the page slow

const SIGNS = { added: "+", removed: "−", changed: "~", "": "" };
const WORDS = { added: "added: ", removed: "removed: ", changed: "changed: " };

/** Makes a block of the lines of diff.js. */
export function showLines(lines) {
  const block = el("div", { class: "lines" }, ...lines.slice(0, MAX_LINES).map(showLine));
  if (lines.length > MAX_LINES) {
    block.append(el("p", { class: "more" }, `and ${plural(lines.length - MAX_LINES, "more line")}; Copy gives all of it`));
  }
  return block;
}

function showLine({ depth, mark, parts, was }) {
  const code = el("span", { class: "code" });
  if (mark) code.append(el("span", { class: "visually-hidden" }, WORDS[mark]));
  code.append(...parts.map(({ kind, text }) => el("span", { class: `json-${kind}` }, text)));
  if (was !== undefined) code.append(" ", el("del", {}, was));
  const line = el("div", { class: `line ${mark}` }, el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[mark]), code);
  line.style.setProperty("--depth", depth);
  return line;
}
