// Server-sent events, read from the body of a fetch: an EventSource cannot send a token.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

/**
 * Yields the events of a stream, `{type, data, id}`, and an item without `type` for a comment or retry, so that the caller can
 * detect a dead connection: `{}` or `{retry}` in milliseconds. `id` is the last one that was sent, or "".
 */
export async function* readEvents(body) {
  const parser = new Parser();
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return; // an event without its empty line is dropped
      yield* parser.feed(value);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Parses events from pieces of text, which may be cut anywhere. */
export class Parser {
  #rest = "";
  #afterCR = false;
  #id = "";
  #type = "";
  #data = [];

  /** Returns the items that the piece completes. */
  feed(text) {
    if (this.#afterCR && text.startsWith("\n")) text = text.slice(1);
    if (text !== "") this.#afterCR = text.endsWith("\r");
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop();
    return lines.map((line) => this.#parseLine(line)).filter((item) => item !== undefined);
  }

  #parseLine(line) {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return {};
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    switch (field) {
      case "event":
        this.#type = value;
        return undefined;
      case "data":
        this.#data.push(value);
        return undefined;
      case "id":
        if (!value.includes("\0")) this.#id = value;
        return undefined;
      case "retry":
        return /^[0-9]+$/.test(value) ? { retry: Number(value) } : undefined;
    }
    return undefined;
  }

  #dispatch() {
    const event = { type: this.#type || "message", data: this.#data.join("\n"), id: this.#id };
    const empty = this.#data.length === 0;
    this.#type = "";
    this.#data = [];
    return empty ? undefined : event;
  }
}
