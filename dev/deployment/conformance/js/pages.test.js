// Paginated queries: pages keep their range while rows are added and removed.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { control, followPages, needsControls, syncClient, unique, watchedSocket } from "./deployment.js";

const channel = unique();
const client = syncClient();

before(async () => {
  for (let i = 1; i <= 12; i++) await client.mutation("messages:send", { body: `m${i}`, channel });
});

const bodies = ({ results }) => results.map(({ body }) => body);
const newestFirst = (from, to) => Array.from({ length: from - to + 1 }, (_, i) => `m${from - i}`);
const shows = (...wanted) => (outcome) => JSON.stringify(bodies(outcome)) === JSON.stringify(wanted) && outcome.status !== "LoadingMore";

test("loadMore up to the end, live, and the same after a reconnect", async () => {
  const pages = followPages(client, "messages:page", { channel }, 5);
  const first = await pages.until(shows(...newestFirst(12, 8)));
  assert.equal(first.status, "CanLoadMore");
  first.loadMore(5);
  const second = await pages.until(shows(...newestFirst(12, 3)));
  second.loadMore(5);
  const all = await pages.until(shows(...newestFirst(12, 1)));
  assert.equal(all.status, "Exhausted");

  await client.mutation("messages:send", { body: "m13", channel });
  await pages.until(shows(...newestFirst(13, 1)));

  if (!needsControls.skip) await control("cut");
  await client.mutation("messages:send", { body: "m14", channel });
  await pages.until(shows(...newestFirst(14, 1)));
  pages.unsubscribe();
});

test("a page that grew is split", async () => {
  const webSocketConstructor = watchedSocket();
  const pages = followPages(syncClient({ webSocketConstructor }), "messages:page", { channel }, 2);
  await pages.until(shows("m14", "m13"));
  for (let i = 15; i <= 24; i++) await client.mutation("messages:send", { body: `m${i}`, channel });
  const grown = await pages.until(shows(...newestFirst(24, 13)));
  assert.equal(grown.status, "CanLoadMore");
  const added = webSocketConstructor.sent.flatMap(({ modifications = [] }) => modifications).filter(({ type }) => type === "Add");
  assert.ok(added.some(({ args }) => args[0].paginationOpts.endCursor), "no page was split");
  pages.outcomes.at(-1).loadMore(3);
  await pages.until(shows(...newestFirst(24, 10)));
  pages.unsubscribe();
});
