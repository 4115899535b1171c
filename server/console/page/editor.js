// A text field for JSON. Behind the text is a coloured copy, in which the first error is underlined; a line below describes
// the error and its place.

import { el } from "/console/dom.js";
import { scanObject } from "/console/json.js";

const MAX_COLOURED = 20_000; // characters; longer texts are not coloured, so that typing stays fast

export class Editor {
  /** Uses a textarea, an empty pre behind it, and the element for the error. */
  constructor({ field, mirror, message }) {
    this.field = field;
    this.mirror = mirror;
    this.message = message;
    field.addEventListener("input", () => this.check());
    this.check();
  }

  get text() {
    return this.field.value;
  }

  set text(text) {
    this.field.value = text;
    this.check();
  }

  /** Marks the first error. Returns true if there is none. */
  check() {
    let tokens, error;
    try {
      tokens = scanObject(this.text);
    } catch (thrown) {
      error = thrown;
      tokens = thrown.tokens;
    }
    this.error = error;
    this.tokens = tokens;
    this.#paint();
    this.field.setAttribute("aria-invalid", String(Boolean(error)));
    this.message.hidden = !error;
    this.message.replaceChildren();
    if (error) {
      const place = `Line ${error.line}, column ${error.column}`;
      this.message.append(el("button", { type: "button", class: "place", onclick: () => this.showError() }, place), ` ${error.message}`);
    }
    return !error;
  }

  /** Moves the cursor to the error. */
  showError() {
    this.field.focus();
    this.field.setSelectionRange(this.error.offset, this.error.offset + 1);
  }

  /** The text without the spaces between tokens. */
  get compact() {
    return this.tokens.map(({ start, end }) => this.text.slice(start, end)).join("");
  }

  #paint() {
    const { text, error } = this;
    const spans = [];
    let at = 0;
    const plainTo = (end) => {
      if (end > at) spans.push(text.slice(at, end));
      at = Math.max(at, end);
    };
    if (text.length <= MAX_COLOURED) {
      for (const { kind, start, end } of this.tokens) {
        plainTo(start);
        spans.push(el("span", { class: `json-${kind}` }, text.slice(start, end)));
        at = end;
      }
    }
    if (error) {
      plainTo(error.offset);
      if (at === error.offset) {
        const wrong = text.slice(at).match(/^[\w.+-]+|^./s)?.[0] ?? " ";
        spans.push(el("span", { class: "wrong" }, wrong === "\n" ? " \n" : wrong));
        at += wrong.length;
      }
    }
    plainTo(text.length);
    this.mirror.replaceChildren(...spans, "\n"); // a last empty line has its height
  }
}
