// A subscribed query: its newest value, the changes of the last update, and earlier updates.

import { compare, countMarks, linesOf } from "/console/diff.js";
import { clock, copyButton, el, plural } from "/console/dom.js";
import { follow, requestBody } from "/console/gateway.js";
import { showLines } from "/console/lines.js";
import { describeError } from "/console/result.js";
import { LENGTH, Timeline } from "/console/timeline.js";

const MAX_TEXT = 8_000_000; // characters of values that the timeline keeps

const WORDS = {
  connecting: "Connecting",
  live: "Live",
  waiting: "Gateway waits for the deployment",
  lost: "Connection lost",
  ended: "Ended",
  stopped: "Stopped",
};

export class LiveQuery {
  #call;
  #session;
  #stop = new AbortController();
  #moments = []; // {at, kind, weight, label, before, shown, counts, switched, note}
  #drawn; // the moment that is shown
  #selected; // index of a moment; undefined: the newest
  #updates = 0;
  #state = "connecting";
  #problem;
  #identityTag;
  #painting = false;

  /** Follows `{path, args}` with the session's identity. `announce(text)` is for people who do not see the page. */
  constructor(call, session, announce) {
    this.#call = call;
    this.#session = session;
    this.announce = announce;
    this.#build();
    this.#open();
  }

  get running() {
    return this.#state !== "stopped";
  }

  /** Opens the stream again with another identity. The value stays on the page until there is a new one. */
  reopen() {
    if (this.running) this.#open();
  }

  stop(note) {
    this.#stop.abort();
    this.#setState("stopped", note && { note });
  }

  #build() {
    this.timeline = new Timeline((index) => this.#select(index));
    this.status = el("span", { class: "status" });
    this.caption = el("p", { class: "caption" });
    this.back = el("button", { type: "button", class: "quiet", hidden: true, onclick: () => this.#select(undefined) }, "Back to now");
    this.problem = el("div", { class: "problem", hidden: true });
    this.value = el("div", { class: "value", tabindex: "0", role: "region", "aria-label": `Value of ${this.#call.path}` });
    this.stopButton = el("button", { type: "button", class: "quiet", onclick: () => this.#stopOrClose() }, "Stop");
    this.element = el("article", { class: "card live", "aria-label": `Live: ${this.#call.path}` },
      el("header", {}, el("span", { class: "dot", "aria-hidden": "true" }), el("h3", {}, this.#call.path), this.status,
        el("span", { class: "actions" }, copyButton(() => JSON.stringify(this.#shown()?.shown.value, null, 2)), this.stopButton)),
      this.#call.args === "{}" ? undefined : el("p", { class: "arguments" }, this.#call.args),
      this.timeline.element, el("div", { class: "captions" }, this.caption, this.back), this.problem, this.value);
  }

  #stopOrClose() {
    if (this.running) return this.stop();
    this.element.remove();
  }

  async #open() {
    this.#stop.abort();
    const stop = (this.#stop = new AbortController());
    this.#setState("connecting");
    const request = () => ({
      url: "/v1/subscribe",
      token: this.#session.token,
      body: requestBody(this.#call.path, this.#call.args, this.#session.refreshKey),
    });
    try {
      for await (const event of follow(request, stop.signal)) this.#handle(event);
    } catch (error) {
      if (!stop.signal.aborted) this.#setState("ended", { error });
    }
  }

  #handle({ type, data, error, pause }) {
    switch (type) {
      case "open":
        return this.#setState("live");
      case "lost":
        this.#add("lost", 0, this.#latest(), "connection lost");
        return this.#setState("lost", { note: `${error.message}; trying again in ${(pause / 1000).toFixed(1)} s` });
      case "connection":
        return this.#setState(data.connection.state === "STATE_CONNECTED" ? "live" : "waiting");
      case "unchanged":
        this.#setState("live");
        return this.#add("unchanged", 0, this.#latest(), "resumed, unchanged");
      case "function_error":
        this.#setState("live");
        return this.#add("failed", 1, { error: data.functionError, tag: data.identityTag, logLines: data.functionError.logLines });
      case "value":
        this.#setState("live");
        return this.#add("updated", 0, { value: data.value, tag: data.identityTag, logLines: data.logLines });
    }
  }

  #latest() {
    return this.#moments.at(-1)?.shown;
  }

  /** Adds a moment to the timeline: the value from then on, and the one before. */
  #add(kind, weight, shown, note) {
    const moment = { at: new Date(), kind, weight, shown, note };
    const before = this.#latest();
    if (kind === "updated") {
      const comparable = before && before.tag === shown.tag && !("error" in before);
      if (comparable) moment.before = before;
      const counts = countMarks(comparable ? compare(before.value, shown.value) : []);
      moment.counts = comparable ? counts : undefined;
      moment.switched = before && before.tag !== shown.tag;
      moment.weight = comparable ? counts.added + counts.removed + counts.changed : 1;
      shown.size = JSON.stringify(shown.value).length;
    }
    if (kind === "updated" || kind === "failed") this.element.dataset.updates = ++this.#updates;
    moment.label = label(moment);
    this.#moments.push(moment);
    this.#trim();
    this.announce(`${this.#call.path}: ${moment.label}`);
    this.#paint();
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
    this.#paint();
  }

  #shown() {
    return this.#moments[this.#selected ?? this.#moments.length - 1];
  }

  #setState(state, problem) {
    this.#state = state;
    this.#problem = problem;
    this.#paint();
  }

  /** Draws at the next frame: updates may come faster than frames. */
  #paint() {
    this.element.dataset.state = this.#state;
    if (this.#painting) return;
    this.#painting = true;
    requestAnimationFrame(() => {
      this.#painting = false;
      this.#draw();
    });
  }

  #draw() {
    this.status.textContent = WORDS[this.#state];
    this.stopButton.textContent = this.running ? "Stop" : "Close";
    this.back.hidden = this.#selected === undefined;
    this.problem.hidden = !this.#problem;
    this.problem.replaceChildren(...(this.#problem ? [this.#problem.error ? describeError(this.#problem.error) : this.#problem.note] : []));
    const moment = this.#shown();
    this.timeline.show(this.#moments, this.#selected ?? this.#moments.length - 1);
    this.caption.textContent = moment ? `${clock(moment.at)}  ${moment.label}` : "No value yet";
    this.value.replaceChildren(...(moment?.shown ? [showMoment(moment)] : []));
    this.value.classList.toggle("stale", ["lost", "ended", "stopped"].includes(this.#state));
    for (const line of moment?.shown?.logLines ?? []) this.value.append(el("p", { class: "log" }, line));
    if (moment !== this.#drawn) this.#scrollToChange();
    this.#drawn = moment;
  }

  /** Scrolls the value to the first change. */
  #scrollToChange() {
    const line = this.value.querySelector(".added, .changed") ?? this.value.querySelector(".removed");
    if (!line) return;
    const box = this.value.getBoundingClientRect();
    const place = line.getBoundingClientRect();
    if (place.top < box.top || place.bottom > box.bottom - box.height / 4) this.value.scrollTop += place.top - box.top - box.height / 3;
  }
}

function showMoment({ before, shown }) {
  if ("error" in shown) return describeError(shown.error);
  return showLines(before ? compare(before.value, shown.value) : linesOf(shown.value));
}

function label({ kind, counts, switched, shown, note }) {
  if (note) return note;
  if (kind === "failed") return `threw ${shown.error.reason || "an error"}`;
  const size = Array.isArray(shown.value) ? `${plural(shown.value.length, "item")}` : "";
  if (!counts) return [switched ? "as another identity" : "first value", size].filter(Boolean).join(", ");
  const changes = [["added", "+"], ["removed", "−"], ["changed", "~"]].filter(([mark]) => counts[mark]).map(([mark, sign]) => sign + counts[mark]);
  const total = counts.added + counts.removed + counts.changed;
  return [total > 0 ? `${changes.join(" ")} ${total === 1 ? "line" : "lines"}` : "the same value", size].filter(Boolean).join(", ");
}
