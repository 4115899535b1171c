// node --test examples/browser

import assert from "node:assert/strict";
import { test } from "node:test";
import { follow } from "./follow.js";

/** Returns what follow yields for a body that comes in these parts. */
async function follows(...parts) {
  const encoder = new TextEncoder();
  globalThis.fetch = async () =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const part of parts) controller.enqueue(typeof part === "string" ? encoder.encode(part) : part);
          controller.close();
        },
      }),
    );
  const events = [];
  for await (const event of follow("http://gateway", "token")) events.push(event);
  return events;
}

const hello = { event: "value", id: "1", data: { value: "hello" } };
const lines = ["event: value", "id: 1", 'data: {"value":"hello"}', "", ""];

test("lines end with LF, CR or CRLF", async () => {
  for (const end of ["\n", "\r", "\r\n"]) assert.deepEqual(await follows(lines.join(end)), [hello], JSON.stringify(end));
});

test("a line may come in any parts", async () => {
  for (const end of ["\n", "\r", "\r\n"]) {
    const bytes = new TextEncoder().encode(lines.join(end) + lines.join(end));
    assert.deepEqual(await follows(...Array.from(bytes, (byte) => Uint8Array.of(byte))), [hello, hello]);
  }
});

test("other separators are text", async () => {
  for (const separator of ["\u2028", "\u2029", "\u0085"]) {
    const value = `a${separator}b`;
    const events = await follows(`event: value\ndata: ${JSON.stringify({ value })}\n\n`);
    assert.deepEqual(events, [{ event: "value", id: "", data: { value } }]);
  }
});

test("several data lines are one text", async () => {
  assert.deepEqual(await follows('data: {"value":\ndata: 1}\n\n'), [{ event: "message", id: "", data: { value: 1 } }]);
});

test("a byte order mark, comments and unknown fields are skipped", async () => {
  assert.deepEqual(await follows("\ufeff" + lines.join("\n")), [hello]);
  assert.deepEqual(await follows(":\n\n: quiet\nretry: 2000\n\nunknown\nother: 1\n" + lines.join("\n")), [hello]);
});

test("one space after the colon is left out, and an id stays", async () => {
  assert.deepEqual(await follows('id:7\ndata:1\n\ndata:2\n\nid\ndata: 3\n\nid: a\0b\ndata: 4\n\n'), [
    { event: "message", id: "7", data: 1 },
    { event: "message", id: "7", data: 2 },
    { event: "message", id: "", data: 3 },
    { event: "message", id: "", data: 4 },
  ]);
});

test("an event without its empty line, or without data, is none", async () => {
  assert.deepEqual(await follows("event: value\n\ndata: 1\n"), []);
});
