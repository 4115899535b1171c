// Sockets are lost: the only effect for clients is a delay.
import assert from "node:assert/strict";
import { test } from "node:test";
import { control, follow, httpClient, needsControls, rejection, stats, syncClient, unique } from "./deployment.js";

for (const [fault, body] of [["cut"], ["close", { code: 1013, reason: "ExpiredInQueue" }], ["close", { code: 1011, reason: "InternalServerError" }], ["restart"]]) {
  test(`live queries and mutations continue after ${fault} ${body?.reason ?? ""}`, needsControls, async () => {
    const client = syncClient();
    const name = unique();
    const live = follow(client, "counter:get", { name });
    await live.until((n) => n === 0);
    await client.mutation("counter:add", { name });
    await control(fault, body);
    assert.equal(await client.mutation("counter:add", { name }), 2);
    assert.equal(live.outcomes.at(-1), 2);
    assert.deepEqual([...new Set(live.outcomes)], [0, 1, 2]); // the newest outcome is sent again on a new socket
    assert.ok(client.connectionState().connectionCount > 1);
  });
}

test("the client tries again until the deployment can be reached", needsControls, async () => {
  const client = syncClient();
  const name = unique();
  await client.mutation("counter:add", { name });
  await control("fail_upgrades", { n: 2, status: 503 });
  await control("cut");
  assert.equal(await client.mutation("counter:add", { name }), 2);
});

test("writes of others during a disconnection arrive after it", needsControls, async () => {
  const client = syncClient();
  const name = unique();
  const live = follow(client, "counter:get", { name });
  await live.until((n) => n === 0);
  await control("cut");
  await httpClient().mutation("counter:add", { name });
  await live.until((n) => n === 1);
});

test("every mutation runs exactly once, whichever sockets are cut", needsControls, async () => {
  const client = syncClient();
  const name = unique();
  const rounds = 10;
  const batch = 40;
  for (let round = 1; round <= rounds; round++) {
    const results = Array.from({ length: batch }, () => client.mutation("counter:add", { name }));
    if (round % 2) await results[round % batch]; // cut in the middle
    await control(round % 5 ? "cut" : "restart");
    const values = await Promise.all(results);
    assert.deepEqual(values, Array.from({ length: batch }, (_, i) => (round - 1) * batch + i + 1));
  }
  assert.equal(await client.query("counter:get", { name }), rounds * batch);
  assert.ok(client.connectionState().connectionCount > rounds / 2);
});

test("a mutation whose answer is lost is not run again", needsControls, async () => {
  const client = syncClient();
  const name = unique();
  const live = follow(client, "counter:get", { name });
  await live.until((n) => n === 0);
  const before = await stats();
  await control("delay", { ms: 200 });
  const added = client.mutation("counter:add", { name });
  while ((await stats()).frames === before.frames);
  await control("delay", { ms: 0 });
  await control("pause"); // the mutation commits, and its answer is not sent
  while ((await stats()).queryRuns["counter:get"] === before.queryRuns["counter:get"]);
  await control("cut");
  await control("resume");
  assert.equal(await added, 1);
  assert.equal(live.outcomes.at(-1), 1);
  assert.equal(client.connectionState().connectionCount, 2);
});

test("an action in flight fails with its socket", needsControls, async () => {
  const client = syncClient();
  const sleeping = rejection(client.action("actions:sleep", { ms: 60_000 }));
  await client.mutation("counter:add", { name: unique() });
  await control("cut");
  assert.match((await sleeping).message, /Connection lost while action was in flight/);
});
