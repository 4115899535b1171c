/// <reference types="vite/client" />
import { convexTest } from "convex-test";
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { ConvexError, convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import { expect, test } from "vitest";
import contract from "./api/spec.json";
import schema from "./convex/schema";
import expectations from "./expectations.json";

/** One call, in Convex's JSON encoding; the fields are described in README.md. */
type Step = {
  name: string;
  call: { kind: "query" | "mutation" | "action"; path: string; args: JSONValue };
  identity?: { user: string; claims?: Record<string, JSONValue> };
  expect: { value: JSONValue } | { errorData: JSONValue } | { errorContains: string };
};

const ISSUER = "https://issuer.test";
const steps = expectations as unknown as Step[];
const modules = import.meta.glob<Record<string, unknown>>(["./convex/**/*.{js,ts}", "!**/*.*.ts"]);
const deployment = convexTest(schema, modules);
const bound = new Map<string, JSONValue>([["<issuer>", ISSUER]]);

test.for(steps.map((step) => [step.name, step] as const))("%s", async ([, step]) => {
  const got = await outcome(step);
  if ("errorContains" in step.expect) {
    expect(got).toEqual({ error: expect.stringContaining(step.expect.errorContains) });
  } else {
    expect(got).toEqual(resolve(step.expect, got));
  }
});

test("every function is called", async () => {
  expect(new Set(steps.map((step) => step.call.path))).toEqual(new Set((await functions()).keys()).add("messages:missing"));
});

test("the contract has the arguments and results of the functions", async () => {
  const declared = new Map<string, { args: unknown; returns: unknown }>();
  for (const [path, f] of await functions()) {
    if (f.isPublic) {
      declared.set(path.replace(":", ".js:"), { args: JSON.parse(f.exportArgs!()), returns: JSON.parse(f.exportReturns!()) });
    }
  }
  expect(new Map(contract.functions.map(({ identifier, args, returns }) => [identifier, { args, returns }]))).toEqual(declared);
});

async function outcome({ call, identity }: Step): Promise<JSONValue> {
  try {
    await mustBePublic(call.path);
    const caller = identity === undefined ? deployment : deployment.withIdentity(userIdentity(identity));
    const run = caller[call.kind] as (reference: FunctionReference<any>, args: Value) => Promise<Value>;
    const value = await run(makeFunctionReference(call.path), jsonToConvex(resolve(call.args)));
    return { value: convexToJson(value) };
  } catch (error) {
    return error instanceof ConvexError ? { errorData: convexToJson(error.data) } : { error: (error as Error).message };
  }
}

/** A deployment refuses internal functions as if they did not exist; convex-test would run them. */
async function mustBePublic(path: string) {
  if (!(await functions()).get(path)?.isPublic) {
    throw new Error(`Could not find public function for '${path}'.`);
  }
}

/** Every exported function by path. */
async function functions() {
  const all = new Map<string, { isPublic?: boolean; exportArgs?: () => string; exportReturns?: () => string }>();
  for (const [file, load] of Object.entries(modules)) {
    for (const [name, member] of Object.entries(await load())) {
      if (typeof member === "function" && "exportArgs" in member) {
        all.set(`${file.replace(/^\.\/convex\/(.*)\.ts$/, "$1")}:${name}`, member as { isPublic?: boolean });
      }
    }
  }
  return all;
}

/** The identity of the session token that the development issuer makes for the same request. */
function userIdentity({ user, claims = {} }: NonNullable<Step["identity"]>) {
  const token = { issuer: ISSUER, subject: `user_${user}`, sid: `sess_${user}`, name: user, v: 2, sts: "active", ...claims };
  return Object.fromEntries(Object.entries(token).filter(([, claim]) => claim !== null));
}

/** The template with each placeholder replaced by its value. One without a value is bound to the value in `got`. */
function resolve(template: JSONValue, got?: JSONValue): JSONValue {
  if (template === "<time>") {
    return typeof got === "number" && got > 1e12 ? got : template;
  }
  if (typeof template === "string" && /^<\w+>$/.test(template)) {
    if (!bound.has(template) && typeof got === "string") {
      bound.set(template, got);
    }
    return bound.get(template) ?? template;
  }
  if (Array.isArray(template)) {
    return template.map((element, i) => resolve(element, Array.isArray(got) ? got[i] : undefined));
  }
  if (template !== null && typeof template === "object") {
    const other = (got ?? {}) as Record<string, JSONValue>;
    return Object.fromEntries(Object.entries(template).map(([name, field]) => [name, resolve(field!, other[name])]));
  }
  return template;
}
