// Functions of an admin key: internal functions, acting as a user, and the convex command.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";
import { promisify } from "node:util";
import { adminKey as key, httpClient, needsKey, syncClient, unique, url } from "./deployment.js";

for (const [name, connect] of [["HTTP", httpClient], ["sync", syncClient]]) {
  test(`an admin key over ${name}`, needsKey, async () => {
    const client = connect();
    client.setAdminAuth(key);
    assert.equal(await client.query("internal:secret", {}), "secret");
    assert.equal(await client.query("users:me", {}), null);
  });

  test(`acting as a user over ${name}`, needsKey, async () => {
    const client = connect();
    client.setAdminAuth(key, { issuer: "https://auth.example.test", subject: "ada", email: "ada@example.test" });
    const me = await client.query("users:me", {});
    assert.equal(me.tokenIdentifier, "https://auth.example.test|ada");
    assert.equal(me.email, "ada@example.test");
  });
}

async function cli(...args) {
  const bin = createRequire(import.meta.url).resolve("convex/package.json").replace(/package\.json$/, "bin/main.js");
  // CI: the command sends no statistics.
  const env = { ...process.env, CI: "true", CONVEX_SELF_HOSTED_URL: url, CONVEX_SELF_HOSTED_ADMIN_KEY: key };
  const { stdout } = await promisify(execFile)(process.execPath, [bin, ...args], { env, cwd: import.meta.dirname });
  return JSON.parse(stdout);
}

test("convex run", needsKey, async () => {
  assert.equal(await cli("run", "counter:add", JSON.stringify({ name: unique(), by: 2.5 })), 2.5);
});

test("convex function-spec", needsKey, async () => {
  const spec = await cli("function-spec");
  assert.equal(spec.url, url);
  const add = spec.functions.find(({ identifier }) => identifier === "counter.js:add");
  assert.equal(add.functionType, "Mutation");
  assert.deepEqual(add.visibility, { kind: "public" });
  assert.deepEqual(add.args, {
    type: "object",
    value: {
      by: { fieldType: { type: "number" }, optional: true },
      name: { fieldType: { type: "string" }, optional: false },
    },
  });
});
