// ConvexClient: live queries, mutations and actions over the sync socket.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BaseConvexClient } from "convex/browser";
import { ConvexError } from "convex/values";
import { follow, needsControls, rejection, syncClient, unique, url, watchedSocket, WebSocketClass } from "./deployment.js";

test("query, mutation, action", async () => {
  const client = syncClient();
  const name = unique();
  assert.equal(await client.query("counter:get", { name }), 0);
  assert.equal(await client.mutation("counter:add", { name, by: 2 }), 2);
  assert.equal(await client.query("counter:get", { name }), 2);
  assert.equal(await client.action("actions:sleep", { ms: 1 }), 1);
});

test("onUpdate is called after every client's writes", async () => {
  const channel = unique();
  const bodies = (count) => (list) => list.length === count;
  const reader = follow(syncClient(), "messages:list", { channel });
  await reader.until(bodies(0));
  const writer = syncClient();
  const id = await writer.mutation("messages:send", { body: "one", author: "ada", channel });
  const [message] = await reader.until(bodies(1));
  assert.equal(message._id, id);
  assert.equal(message.body, "one");
  assert.equal(typeof message._creationTime, "number");
  assert.equal(await writer.mutation("messages:clear", { channel }), 1n);
  await reader.until((list) => list.length === 0 && reader.outcomes.length === 3);
});

test("a mutation is done when its own client has the new result", async () => {
  const client = syncClient();
  const name = unique();
  const live = follow(client, "counter:get", { name });
  await live.until((n) => n === 0);
  for (let i = 1; i <= 20; i++) {
    assert.equal(await client.mutation("counter:add", { name }), i);
    assert.equal(live.outcomes.at(-1), i);
  }
});

test("mutations keep their order, actions overlap", async () => {
  const client = syncClient();
  const name = unique();
  const done = [];
  const slow = client.action("actions:sleep", { ms: 300 }).then(() => done.push("slow"));
  const fast = client.action("actions:sleep", { ms: 1 }).then(() => done.push("fast"));
  const results = await Promise.all(Array.from({ length: 200 }, () => client.mutation("counter:add", { name })));
  assert.deepEqual(results, Array.from({ length: 200 }, (_, i) => i + 1));
  await Promise.all([slow, fast]);
  assert.deepEqual(done, ["fast", "slow"]);
});

test("errors have data or text", async () => {
  const client = syncClient();
  const data = { code: "FULL", seats: 3n };
  const failures = [
    await follow(client, "errors:convex", { data }).until((outcome) => outcome instanceof Error),
    await rejection(client.mutation("errors:convexMutation", { data })),
  ];
  for (const error of failures) {
    assert.ok(error instanceof ConvexError);
    assert.deepEqual(error.data, data);
  }
  for (const error of [
    await rejection(client.query("errors:crash", {})),
    await rejection(client.mutation("errors:crashMutation", {})),
  ]) {
    assert.ok(!(error instanceof ConvexError));
    assert.match(error.message, /Uncaught Error: boom/);
  }
  assert.match((await rejection(client.action("nope:nope", {}))).message, /Could not find public function for 'nope:nope'/);
  assert.match((await rejection(client.query("counter:get", { name: 1 }))).message, /ArgumentValidationError: Value does not match validator/);
});

test("log lines arrive with results", needsControls, async () => {
  const lines = [];
  const logger = { log: (...line) => lines.push(line.join(" ")), warn() {}, error() {}, logVerbose() {} };
  await syncClient({ logger }).query("testing:log", {});
  assert.ok(lines.length > 0, "no log line");
  assert.match(lines[0], /\[CONVEX Q\(testing:log\)\]/);
});

test("a result over 5 MB arrives in chunks", needsControls, async () => {
  const webSocketConstructor = watchedSocket();
  const bytes = 12_000_000;
  const big = await syncClient({ webSocketConstructor }).query("testing:big", { bytes });
  assert.equal(big.length, bytes);
  const kinds = webSocketConstructor.received.map(({ type }) => type);
  assert.deepEqual(kinds.filter((kind) => kind !== "Ping"), ["TransitionChunk", "TransitionChunk", "TransitionChunk"]);
});

test("BaseConvexClient: transitions have tokens and reflected mutations", async (t) => {
  const transitions = [];
  const client = new BaseConvexClient(url, () => {}, { logger: false, webSocketConstructor: WebSocketClass });
  t.after(() => client.close());
  client.addOnTransitionHandler((transition) => transitions.push(transition));
  const name = unique();
  const { queryToken, unsubscribe } = client.subscribe("counter:get", { name });
  await client.mutation("counter:add", { name });
  assert.equal(client.localQueryResult("counter:get", { name }), 1);
  const reflecting = transitions.find(({ reflectedMutations }) => reflectedMutations.length > 0);
  assert.deepEqual(reflecting.queries.map(({ token }) => token), [queryToken]);
  assert.equal(client.connectionState().connectionCount, 1);
  unsubscribe();
});

test("an unsubscribed query sends nothing", async () => {
  const client = syncClient();
  const name = unique();
  const live = follow(client, "counter:get", { name });
  await live.until((n) => n === 0);
  live.unsubscribe();
  await client.mutation("counter:add", { name });
  assert.deepEqual(live.outcomes, [0]);
  assert.equal(await client.query("counter:get", { name }), 1);
});
