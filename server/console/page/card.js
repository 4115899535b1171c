// The card of a stream: its state, its buttons, and when it is drawn.

import { copyButton, el } from "/console/dom.js";
import { follow } from "/console/gateway.js";
import { describeError } from "/console/result.js";

const WORDS = {
  connecting: "Connecting",
  live: "Live",
  waiting: "Gateway waits for the deployment",
  lost: "Connection lost",
  ended: "Ended",
  stopped: "Stopped",
};

/**
 * Follows a stream. A subclass has `request()`, as follow() needs it; `handle(event)` for the stream's events; `draw()`; and `copied()`, what
 * is copied as JSON.
 */
export class LiveCard {
  #stop = new AbortController();
  #state = "connecting";
  #problem;
  #painting = false;

  /** `announce(text)` is for people who do not see the page. */
  constructor(title, announce) {
    this.announce = announce;
    this.status = el("span", { class: "status" });
    this.problem = el("div", { class: "problem", hidden: true });
    this.stopButton = el("button", { type: "button", class: "quiet", onclick: () => this.#stopOrClose() }, "Stop");
    this.element = el("article", { class: "card live", "aria-label": `Live: ${title}` },
      el("header", {}, el("span", { class: "dot", "aria-hidden": "true" }), el("h3", {}, title), this.status,
        el("span", { class: "actions" }, copyButton(() => JSON.stringify(this.copied(), null, 2)), this.stopButton)));
  }

  get running() {
    return this.#state !== "stopped";
  }

  /** Whether what is shown may be old. */
  get stale() {
    return ["lost", "ended", "stopped"].includes(this.#state);
  }

  /** Opens the stream, in the place of one that is open. */
  async open() {
    this.#stop.abort();
    const stop = (this.#stop = new AbortController());
    this.#setState("connecting");
    try {
      for await (const event of follow(() => this.request(), stop.signal)) this.#receive(event);
    } catch (error) {
      if (!stop.signal.aborted) this.#setState("ended", { error });
    }
  }

  /** Opens the stream again with another identity. What is shown stays until there is something new. */
  reopen() {
    if (this.running) this.open();
  }

  stop(note) {
    this.#stop.abort();
    this.#setState("stopped", note && { note });
  }

  #stopOrClose() {
    if (this.running) return this.stop();
    this.element.remove();
  }

  #receive(event) {
    if (event.type === "lost") {
      this.#setState("lost", { note: `${event.error.message}; trying again in ${(event.pause / 1000).toFixed(1)} s` });
    } else if (event.type === "connection") {
      this.#setState(event.data.connection.state === "STATE_CONNECTED" ? "live" : "waiting");
    } else if (event.type !== "auth") {
      this.#setState("live");
    }
    this.handle(event);
  }

  #setState(state, problem) {
    this.#state = state;
    this.#problem = problem;
    this.paint();
  }

  /** Draws at the next frame: updates may come faster than frames. */
  paint() {
    this.element.dataset.state = this.#state;
    if (this.#painting) return;
    this.#painting = true;
    requestAnimationFrame(() => {
      this.#painting = false;
      this.status.textContent = WORDS[this.#state];
      this.stopButton.textContent = this.running ? "Stop" : "Close";
      this.problem.hidden = !this.#problem;
      this.problem.replaceChildren(...(this.#problem ? [this.#problem.error ? describeError(this.#problem.error) : this.#problem.note] : []));
      this.draw();
    });
  }
}
