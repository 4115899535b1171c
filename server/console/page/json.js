// Strict JSON, with the place of the first error and a message for people. The messages of JavaScript engines differ, and not
// all of them have the place.

/** The first error of a text. `offset` counts UTF-16 units; `line` and `column` begin at 1. */
export class JSONError extends Error {
  constructor(text, offset, message) {
    super(message);
    const before = text.slice(0, offset).split("\n");
    this.offset = offset;
    this.line = before.length;
    this.column = before.at(-1).length + 1;
  }
}

/** The tokens of a JSON object, `{kind, start, end}`. Throws JSONError; its `tokens` are those before the error. */
export function scanObject(text) {
  const scanner = new Scanner(text);
  try {
    scanner.space();
    if (scanner.next !== "{") scanner.fail(scanner.next === "" ? "arguments are a JSON object, such as {}" : "arguments must be an object: { … }");
    scanner.value(0);
    scanner.space();
    if (scanner.next !== "") scanner.fail("nothing may follow the object");
  } catch (error) {
    error.tokens = scanner.tokens.filter(({ end }) => end <= error.offset);
    throw error;
  }
  return scanner.tokens;
}

const MAX_DEPTH = 200; // brackets; Convex allows 64
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /[A-Za-z_$][\w$]*/y;
const STRING = /(?:[^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*/y;

class Scanner {
  tokens = [];
  #at = 0;

  constructor(text) {
    this.text = text;
  }

  get next() {
    return this.text.charAt(this.#at);
  }

  fail(message, offset = this.#at) {
    throw new JSONError(this.text, offset, message);
  }

  space() {
    while (" \t\n\r".includes(this.next) && this.next !== "") this.#at++;
  }

  value(depth) {
    if (depth > MAX_DEPTH) this.fail(`deeper than ${MAX_DEPTH} levels`);
    const c = this.next;
    if (c === "{") this.#list("{", "}", depth, () => this.#member(depth));
    else if (c === "[") this.#list("[", "]", depth, () => this.value(depth + 1));
    else if (c === '"') this.#string("string");
    else if (c === "-" || (c >= "0" && c <= "9")) this.#number();
    else this.#literal();
  }

  #list(open, close, depth, item) {
    this.#mark("punctuation", 1);
    this.space();
    if (this.next === close) return this.#mark("punctuation", 1);
    for (;;) {
      item();
      this.space();
      if (this.next === close) return this.#mark("punctuation", 1);
      if (this.next === "") this.fail(`the text ends before “${close}”`);
      if (this.next !== ",") this.fail(`expected “,” or “${close}”`);
      const comma = this.#at;
      this.#mark("punctuation", 1);
      this.space();
      if (this.next === close) this.fail(`no comma is allowed before “${close}”`, comma);
    }
  }

  #member(depth) {
    if (this.next === "") this.fail("the text ends before “}”");
    if (this.next !== '"') this.fail("expected a name in double quotes");
    this.#string("name");
    this.space();
    if (this.next !== ":") this.fail("expected “:” after the name");
    this.#mark("punctuation", 1);
    this.space();
    this.value(depth + 1);
  }

  #string(kind) {
    STRING.lastIndex = this.#at + 1;
    STRING.exec(this.text);
    const end = STRING.lastIndex || this.#at + 1;
    const stop = this.text.charAt(end);
    if (stop === "\\") this.fail("this escape is unknown: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX are allowed", end);
    if (stop !== '"') this.fail(stop === "" ? "the string is not closed" : "a line end or control character in a string is written \\n or \\uXXXX", end);
    this.#mark(kind, end + 1 - this.#at);
  }

  #number() {
    NUMBER.lastIndex = this.#at;
    const found = NUMBER.exec(this.text)?.[0];
    const after = found ? this.text.charAt(this.#at + found.length) : "";
    if (!found || /[\w.+-]/.test(after)) this.fail("this is not a JSON number");
    this.#mark("number", found.length);
  }

  #literal() {
    WORD.lastIndex = this.#at;
    const word = WORD.exec(this.text)?.[0];
    if (["true", "false", "null"].includes(word)) return this.#mark("literal", word.length);
    if (word === "undefined" || word === "NaN" || word === "Infinity") this.fail(`JSON has no ${word}`);
    if (word) this.fail("expected a value; text needs double quotes");
    if (this.next === "'") this.fail("JSON takes double quotes only");
    this.fail(this.next === "" ? "the text ends where a value is expected" : "expected a value");
  }

  #mark(kind, length) {
    this.tokens.push({ kind, start: this.#at, end: this.#at + length });
    this.#at += length;
  }
}
