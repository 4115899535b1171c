// node --test examples/browser

import assert from "node:assert/strict";
import { test } from "node:test";
import { Gateway } from "./gateway.js";

/** Calls mutate where the requests get these answers one after the other; undefined: the connection is lost. */
async function mutate(...answers) {
  const ids = [];
  globalThis.fetch = async (_, { body }) => {
    ids.push(JSON.parse(body).requestId);
    const answer = answers.shift();
    if (!answer) throw new TypeError("fetch failed");
    return Response.json(answer, { status: answer.code ? 500 : 200 });
  };
  const result = await new Gateway("http://gateway").mutate("messages:send", { body: "hello" }).catch((error) => error);
  return { result, ids };
}

test("a mutation is sent again with the same id after UNAVAILABLE and after a lost connection", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const waits = setInterval(() => t.mock.timers.runAll(), 1);
  const { result, ids } = await mutate({ code: 14, message: "unavailable" }, undefined, { value: "an id" });
  clearInterval(waits);
  assert.equal(result, "an id");
  assert.equal(ids.length, 3);
  assert.equal(new Set(ids).size, 1);
  assert.match(ids[0], /^[\x20-\x7e]{22,255}$/);
});

test("a mutation that another attempt does not help is not sent again, and each has an id of its own", async () => {
  const first = await mutate({ code: 9, message: "refused" });
  const second = await mutate({ code: 9, message: "refused" });
  assert.equal(first.result.code, 9);
  assert.equal(first.ids.length, 1);
  assert.notEqual(first.ids[0], second.ids[0]);
});
