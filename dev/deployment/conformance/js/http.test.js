// ConvexHttpClient: the HTTP API.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ConvexError } from "convex/values";
import { claimsOf, control, httpClient, needsControls, needsToken, needsTokens, rejection, token, unique } from "./deployment.js";

test("query, mutation, action", async () => {
  const client = httpClient();
  const name = unique();
  assert.equal(await client.query("counter:get", { name }), 0);
  assert.equal(await client.mutation("counter:add", { name, by: 2.5 }), 2.5);
  assert.equal(await client.query("counter:get", { name }), 2.5);
  assert.equal(await client.action("actions:sleep", { ms: 1 }), 1);
});

test("mutations of one client run in order", async () => {
  const client = httpClient();
  const name = unique();
  const results = await Promise.all(Array.from({ length: 20 }, () => client.mutation("counter:add", { name })));
  assert.deepEqual(results, Array.from({ length: 20 }, (_, i) => i + 1));
});

test("consistentQuery reads one snapshot", async () => {
  const [reader, writer] = [httpClient(), httpClient()];
  const name = unique();
  assert.equal(await reader.consistentQuery("counter:get", { name }), 0);
  await writer.mutation("counter:add", { name });
  assert.equal(await reader.consistentQuery("counter:get", { name }), 0);
  assert.equal(await reader.query("counter:get", { name }), 1);
});

test("files are uploaded and downloaded", needsControls, async () => {
  const client = httpClient();
  const sent = new Uint8Array([0, 16, 131]);
  const up = await fetch(await client.mutation("testing:upload", {}), { method: "POST", headers: { "Content-Type": "image/png" }, body: sent });
  const { storageId } = await up.json();
  const down = await fetch(await client.query("testing:url", { storageId }));
  assert.equal(down.headers.get("Content-Type"), "image/png");
  assert.deepEqual(new Uint8Array(await down.arrayBuffer()), sent);
  await client.mutation("testing:delete", { storageId });
  assert.equal(await client.query("testing:url", { storageId }), null);
});

test("a ConvexError has its data", async () => {
  const client = httpClient();
  const data = { code: "FULL", seats: 3n };
  for (const error of [
    await rejection(client.query("errors:convex", { data })),
    await rejection(client.mutation("errors:convexMutation", { data })),
  ]) {
    assert.ok(error instanceof ConvexError);
    assert.deepEqual(error.data, data);
  }
  assert.equal((await rejection(client.query("errors:convex", { data: null }))).data, null);
});

test("any other error has its text", async () => {
  const error = await rejection(httpClient().query("errors:crash", {}));
  assert.ok(!(error instanceof ConvexError));
  assert.match(error.message, /^\[Request ID: [0-9a-f]{16}\] Server Error\nUncaught Error: boom\n {4}at .+\n$/s); // which frames there are depends on the bundler
});

test("redaction removes the texts, not the data", needsControls, async (t) => {
  t.after(() => control("redact", { on: false }));
  await control("redact", { on: true });
  const client = httpClient();
  assert.match((await rejection(client.query("errors:crash", {}))).message, /^\[Request ID: [0-9a-f]{16}\] Server Error$/);
  const error = await rejection(client.query("errors:convex", { data: "kept" }));
  assert.equal(error.data, "kept");
  assert.ok(!error.message.includes("kept"));
});

test("an answer of the deployment itself is thrown as its text", needsControls, async () => {
  await control("fail", { n: 1, status: 503, code: "ExpiredInQueue", message: "later" });
  const error = await rejection(httpClient().query("users:me", {}));
  assert.deepEqual(JSON.parse(error.message), { code: "ExpiredInQueue", message: "later" });
});

test("missing and internal functions have the same error", async () => {
  for (const path of ["internal:secret", "nope:nope"]) {
    const error = await rejection(httpClient().query(path, {}));
    assert.match(error.message, new RegExp(`Could not find public function for '${path}'`));
  }
});

test("wrong kind and wrong arguments", async () => {
  const client = httpClient();
  assert.match((await rejection(client.mutation("messages:list", {}))).message, /Trying to execute messages\.js:list as Mutation, but it is defined as Query/);
  assert.match((await rejection(client.query("counter:get", {}))).message, /ArgumentValidationError: Object is missing the required field `name`/);
});

test("setAuth and clearAuth", needsToken, async () => {
  const client = httpClient();
  assert.equal(await client.query("users:me", {}), null);
  const ada = await token("ada");
  const { iss, sub, name } = claimsOf(ada);
  client.setAuth(ada);
  const me = await client.query("users:me", {});
  assert.equal(me.subject, sub);
  assert.equal(me.issuer, iss);
  assert.equal(me.name, name);
  assert.equal(me.tokenIdentifier, `${iss}|${sub}`);
  client.clearAuth();
  assert.equal(await client.query("users:me", {}), null);
});

test("a bad token is refused", needsTokens, async () => {
  const client = httpClient();
  for (const [bad, code] of [
    ["nonsense", "InvalidAuthHeader"],
    [await token("ada", "60s", { aud: "another" }), "NoAuthProvider"],
    [await token("ada", "60s", { exp: 1_000_000_000 }), "Unauthenticated"],
  ]) {
    client.setAuth(bad);
    assert.equal(JSON.parse((await rejection(client.query("users:me", {}))).message).code, code);
  }
});
