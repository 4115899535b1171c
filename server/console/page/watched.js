// One query of a watched set: its newest outcome.

import { clock, el } from "/console/dom.js";
import { makeMoment, scrollToChange, showMoment } from "/console/moment.js";

export class WatchedQuery {
  token; // of the newest outcome; undefined: none
  ended = false; // the gateway has removed the target
  #moment;
  #marked = false; // the newest state of the set has changed it
  #current = false; // the element shows the moment
  #updates = 0;

  /** Shows `{path, args}` in an element of its own. `onRemove()` is called when the user removes it. */
  constructor(target, { path, args }, onRemove) {
    this.target = target;
    this.path = path;
    this.args = args;
    this.caption = el("span", { class: "caption" });
    this.removeButton = el("button", { type: "button", class: "quiet", "aria-label": `Remove ${path} ${args}`, onclick: onRemove }, "Remove");
    this.value = el("div", { class: "value", tabindex: "0", role: "region", "aria-label": `Value of ${path} ${args}` });
    this.element = el("li", { class: "watched" },
      el("header", {}, el("h4", {}, path), this.caption, el("span", { class: "actions" }, this.removeButton)),
      args === "{}" ? undefined : el("p", { class: "arguments" }, args), this.value);
  }

  /** Takes over an outcome, a TargetChange. */
  apply(change, tag) {
    this.token = change.resumeToken;
    this.ended = "removed" in change;
    const latest = this.#moment?.shown;
    if ("unchanged" in change) this.#moment = makeMoment("unchanged", latest, latest, "resumed, unchanged");
    else if ("removed" in change) this.#moment = makeMoment("failed", { error: change.removed, tag }, latest, `ended: ${change.removed.reason}`);
    else if ("functionError" in change) this.#moment = makeMoment("failed", { error: change.functionError, tag }, latest);
    else this.#moment = makeMoment("updated", { value: change.value, tag, logLines: change.logLines }, latest);
    this.#marked = true;
    this.#current = false;
    if (this.#moment.kind !== "unchanged") this.element.dataset.updates = ++this.#updates;
    this.element.dataset.outcome = this.ended ? "ended" : this.#moment.kind;
  }

  /** Shows the value without marks from the next drawing on. */
  unmark() {
    if (this.#marked) this.#current = false;
    this.#marked = false;
  }

  copied() {
    const { value, error } = this.#moment?.shown ?? {};
    return { path: this.path, args: JSON.parse(this.args), value, error };
  }

  draw(stale) {
    this.value.classList.toggle("stale", stale);
    this.value.hidden = !this.#moment;
    if (this.#current) return;
    this.#current = true;
    this.caption.textContent = this.#moment ? `${clock(this.#moment.at)}  ${this.#moment.label}` : "";
    this.value.replaceChildren(...showMoment(this.#moment, this.#marked));
    if (this.#marked) scrollToChange(this.value);
  }
}
