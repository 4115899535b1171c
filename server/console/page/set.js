// Several queries on one stream. All that is shown of them holds at one time of the deployment.

import { LiveCard } from "/console/card.js";
import { byId, clock, el, plural } from "/console/dom.js";
import { watchBody } from "/console/gateway.js";
import { WatchedQuery } from "/console/watched.js";

export class LiveSet extends LiveCard {
  #session;
  #queries = []; // in ascending order of their targets
  #lastTarget = 0;
  #parts = []; // changes of a state that has not come whole
  #readTime;
  #complete = false;

  /** Follows no query yet, with the session's identity. */
  constructor(session, announce) {
    super("Watch", announce);
    this.#session = session;
    this.caption = el("p", { class: "caption" });
    this.list = el("ul", {});
    this.element.classList.add("set");
    this.element.append(this.caption, this.problem, this.list);
    this.paint();
  }

  /** The queries, `{path, args}`. */
  get calls() {
    return this.#queries.map(({ path, args }) => ({ path, args }));
  }

  /** Adds a query, and returns its element. The stream has a fixed set: another one is opened, which resumes the results that there are. */
  add(call) {
    const query = new WatchedQuery(++this.#lastTarget, call, () => this.#remove(query));
    this.#queries.push(query);
    this.list.append(query.element);
    this.open();
    return query.element;
  }

  #remove(query) {
    const at = this.#queries.indexOf(query);
    this.#queries.splice(at, 1);
    query.element.remove();
    if (this.#queries.length === 0) {
      this.stop();
      this.element.remove();
      return byId("run").focus();
    }
    (this.#queries[at]?.removeButton ?? this.stopButton).focus();
    if (this.running && !query.ended) this.open();
  }

  request() {
    this.#parts = [];
    const body = watchBody(this.#queries.filter((query) => !query.ended), this.#session.refreshKey);
    return { url: "/v1/watch", token: this.#session.token, body };
  }

  copied() {
    return { readTime: this.#readTime, queries: this.#queries.map((query) => query.copied()) };
  }

  handle({ type, data }) {
    if (type !== "snapshot") return;
    this.#parts.push(...(data.changes ?? []));
    if (!data.more) this.#apply(this.#parts.splice(0), data);
  }

  /** Applies the changes of a state together. Those that an earlier state has made are no longer marked. */
  #apply(changes, { readTime, complete, identityTag }) {
    if (readTime) {
      this.#readTime = readTime;
      this.#complete = Boolean(complete);
    }
    if (changes.length > 0) {
      for (const query of this.#queries) query.unmark();
      for (const change of changes) this.#queries.find(({ target }) => target === change.target)?.apply(change, identityTag);
      this.announce(`Watch: ${plural(changes.length, "result")}`);
    }
    this.paint();
  }

  draw() {
    const parts = [this.#readTime ? `As of ${clock(new Date(this.#readTime))}` : "No value yet", plural(this.#queries.length, "query", "queries")];
    if (this.#readTime && !this.#complete) parts.push("some results may be older");
    this.caption.textContent = parts.join("  ·  ");
    this.caption.title = this.#readTime ?? "";
    for (const query of this.#queries) query.draw(this.stale);
  }
}
