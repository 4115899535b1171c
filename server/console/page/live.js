// A subscribed query: its newest value, the changes of the last update, and earlier updates.

import { LiveCard } from "/console/card.js";
import { clock, el } from "/console/dom.js";
import { requestBody } from "/console/gateway.js";
import { makeMoment, scrollToChange, showMoment } from "/console/moment.js";
import { LENGTH, Timeline } from "/console/timeline.js";

const MAX_TEXT = 8_000_000; // characters of values that the timeline keeps

export class LiveQuery extends LiveCard {
  #call;
  #session;
  #moments = [];
  #drawn; // the moment that is shown
  #selected; // index of a moment; undefined: the newest
  #updates = 0;

  /** Follows `{path, args}` with the session's identity. */
  constructor(call, session, announce) {
    super(call.path, announce);
    this.#call = call;
    this.#session = session;
    this.#build();
    this.open();
  }

  request() {
    return { url: "/v1/subscribe", token: this.#session.token, body: requestBody(this.#call.path, this.#call.args, this.#session.refreshKey) };
  }

  copied() {
    return this.#shown()?.shown.value;
  }

  #build() {
    this.timeline = new Timeline((index) => this.#select(index));
    this.caption = el("p", { class: "caption" });
    this.back = el("button", { type: "button", class: "quiet", hidden: true, onclick: () => this.#select(undefined) }, "Back to now");
    this.value = el("div", { class: "value", tabindex: "0", role: "region", "aria-label": `Value of ${this.#call.path}` });
    if (this.#call.args !== "{}") this.element.append(el("p", { class: "arguments" }, this.#call.args));
    this.element.append(this.timeline.element, el("div", { class: "captions" }, this.caption, this.back), this.problem, this.value);
  }

  handle({ type, data }) {
    switch (type) {
      case "lost":
        return this.#add("lost", this.#latest(), "connection lost");
      case "unchanged":
        return this.#add("unchanged", this.#latest(), "resumed, unchanged");
      case "function_error":
        return this.#add("failed", { error: data.functionError, tag: data.identityTag });
      case "value":
        return this.#add("updated", { value: data.value, tag: data.identityTag, logLines: data.logLines });
    }
  }

  #latest() {
    return this.#moments.at(-1)?.shown;
  }

  /** Adds a moment to the timeline. */
  #add(kind, shown, note) {
    const moment = makeMoment(kind, shown, this.#latest(), note);
    if (kind === "updated" || kind === "failed") this.element.dataset.updates = ++this.#updates;
    this.#moments.push(moment);
    this.#trim();
    this.announce(`${this.#call.path}: ${moment.label}`);
    this.paint();
  }

  /** Drops the oldest moments beyond the bounds. The selected one stays selected if it is kept. */
  #trim() {
    let text = 0;
    let keep = 0;
    for (const { shown } of this.#moments.toReversed()) {
      text += shown?.size ?? 0;
      if (keep === LENGTH || (keep > 0 && text > MAX_TEXT)) break;
      keep++;
    }
    const dropped = this.#moments.length - keep;
    this.#moments.splice(0, dropped);
    if (this.#selected !== undefined) this.#selected = this.#selected >= dropped ? this.#selected - dropped : undefined;
  }

  #select(index) {
    this.#selected = index === this.#moments.length - 1 ? undefined : index;
    this.paint();
  }

  #shown() {
    return this.#moments[this.#selected ?? this.#moments.length - 1];
  }

  draw() {
    this.back.hidden = this.#selected === undefined;
    const moment = this.#shown();
    this.timeline.show(this.#moments, this.#selected ?? this.#moments.length - 1);
    this.caption.textContent = moment ? `${clock(moment.at)}  ${moment.label}` : "No value yet";
    this.value.replaceChildren(...showMoment(moment));
    this.value.classList.toggle("stale", this.stale);
    if (moment !== this.#drawn) scrollToChange(this.value);
    this.#drawn = moment;
  }
}
