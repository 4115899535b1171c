// setAuth over the sync socket.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { control, follow, needsControls, needsTokens, rejection, syncClient, token, unique } from "./deployment.js";

// signedIn makes a client with a token source, and records the calls of the source.
async function signedIn(fetchToken, options) {
  const client = syncClient(options);
  const calls = [];
  const states = [];
  await new Promise((resolve) => {
    client.setAuth(
      async ({ forceRefreshToken }) => {
        calls.push(forceRefreshToken);
        return fetchToken(calls.length);
      },
      (authenticated) => {
        states.push(authenticated);
        resolve();
      },
    );
  });
  return { client, calls, states };
}

const subjects = ({ outcomes }) => outcomes.map((me) => me?.subject);
const isUser = (name) => (me) => me?.subject === `user_${name}`;

test("functions get the user", needsTokens, async () => {
  const { client, states } = await signedIn(() => token("ada"));
  assert.deepEqual(states, [true]);
  assert.ok(isUser("ada")(await client.query("users:me", {})));
  const channel = unique();
  await client.mutation("messages:send", { body: "hi", channel });
  assert.equal((await client.query("messages:list", { channel }))[0].author, "ada");
});

test("short tokens are refreshed on the open socket", needsTokens, async () => {
  const { client, calls, states } = await signedIn(() => token("ada", "3s"), { authRefreshTokenLeewaySeconds: 1 });
  const me = follow(client, "users:me");
  await me.until(isUser("ada"));
  while (calls.length < 5) await setTimeout(100);
  assert.ok(states.every(Boolean), `signed out: ${states}`);
  assert.equal(client.connectionState().connectionCount, 1);
  assert.deepEqual(subjects(me), ["user_ada"], "a refreshed token of the same user sends nothing");
});

test("initialAuthTokenReuse fetches one token only", needsTokens, async () => {
  const { client, calls } = await signedIn(() => token("ada"), { initialAuthTokenReuse: true });
  assert.ok(isUser("ada")(await client.query("users:me", {})));
  assert.deepEqual(calls, [false]);
});

test("an expired token fails its next use, and is replaced", needsTokens, async () => {
  const { client, calls } = await signedIn((n) => token("ada", n === 1 ? "1s" : "60s"), { initialAuthTokenReuse: true, authRefreshTokenLeewaySeconds: -5 });
  const me = follow(client, "users:me");
  await me.until(isUser("ada"));
  await setTimeout(1500); // the token expires without an effect
  assert.equal(client.connectionState().connectionCount, 1);
  const channel = unique();
  await client.mutation("messages:send", { body: "hi", channel });
  assert.equal((await client.query("messages:list", { channel }))[0].author, "ada");
  assert.deepEqual(calls, [false, true]);
});

test("a token that is refused signs out, and the client continues anonymously", needsTokens, async () => {
  const { client, states } = await signedIn(() => token("ada", "60s", { aud: "another" }));
  assert.deepEqual(states, [false]);
  assert.equal(await client.query("users:me", {}), null);
});

test("no token is anonymous", async () => {
  const { client, states } = await signedIn(() => null);
  assert.deepEqual(states, [false]);
  assert.equal(await client.query("users:me", {}), null);
});

test("another user on the same socket", needsTokens, async () => {
  const { client } = await signedIn(() => token("ada"));
  const me = follow(client, "users:me");
  await me.until(isUser("ada"));
  client.setAuth(() => token("bob"));
  await me.until(isUser("bob"));
  assert.equal(client.connectionState().connectionCount, 1);
});

test("the identity stays after a reconnect", needsControls, async () => {
  const { client, states } = await signedIn(() => token("ada"));
  const me = follow(client, "users:me");
  await me.until(isUser("ada"));
  await control("cut");
  const channel = unique();
  await client.mutation("messages:send", { body: "hi", channel });
  assert.equal((await client.query("messages:list", { channel }))[0].author, "ada");
  assert.ok(states.every(Boolean), `signed out: ${states}`);
  assert.ok(client.connectionState().connectionCount > 1);
  assert.deepEqual([...new Set(subjects(me))], ["user_ada"]);
});

test("expectAuth delays all messages until there is a token", needsTokens, async () => {
  const client = syncClient({ expectAuth: true });
  const me = follow(client, "users:me");
  client.setAuth(() => token("ada"));
  await me.until(isUser("ada"));
  assert.equal(me.outcomes.filter((outcome) => outcome === null).length, 0);
  assert.match((await rejection(client.mutation("errors:crashMutation", {}))).message, /boom/);
});
