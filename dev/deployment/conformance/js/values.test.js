// Values of every kind are the same after a call.
import assert from "node:assert/strict";
import { test } from "node:test";
import { httpClient, syncClient } from "./deployment.js";

const bytes = (...values) => new Uint8Array(values).buffer;

const values = [
  null, true, false, "", "é 🙂 \u0000\u2028", 0, -0, 1.5, -1e300, 5e-324, 2 ** 53, NaN, Infinity, -Infinity,
  0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), bytes(), bytes(0, 16, 131), [], {}, [[], [{}]],
  { a: 1n, "with space": [bytes(255), NaN, -0], "": null }, Array.from({ length: 8192 }, (_, i) => i),
];

for (const [name, connect] of [["HTTP", httpClient], ["sync", syncClient]]) {
  test(`round trips over ${name}`, async () => {
    const client = connect();
    for (const value of values) {
      assert.deepStrictEqual(await client.query("values:echo", { value }), value);
    }
  });
}

test("an error's data round trips", async () => {
  const error = await syncClient().mutation("errors:convexMutation", { data: values }).catch((e) => e);
  assert.deepStrictEqual(error.data, values);
});
