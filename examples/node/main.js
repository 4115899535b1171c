// Convex Gateway from Node: query, mutate, watch, sign in, and handle an error by its reason.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const { GATEWAY = "127.0.0.1:50051", TOKEN } = process.env; // TOKEN: a Clerk session token; none: anonymous
const VALUE_FORMAT = "VALUE_FORMAT_JSON";

// proto-loader reads the protos as they are: there is no code to generate.
const protos = loadSync("convexgateway/v1/function_service.proto", {
  includeDirs: [fileURLToPath(new URL("../../proto", import.meta.url))],
  oneofs: true,
});
const { FunctionService } = grpc.loadPackageDefinition(protos).convexgateway.v1;

// With TLS: grpc.credentials.createSsl()
const gateway = new FunctionService(GATEWAY, grpc.credentials.createInsecure(), {
  // Timeouts and retries, of mutations too: each has a request id, by which it runs once. Without ids: service_config.json
  "grpc.service_config": readFileSync(new URL("../service_config_ids.json", import.meta.url), "utf8"),
  "grpc.keepalive_time_ms": 30_000, // detects dead connections: a stream may be idle for hours
  "grpc.keepalive_timeout_ms": 10_000,
});

const me = await call("query", "users:me");
console.log(me ? `signed in as ${me.subject}` : "anonymous");

console.log("query:", describe(await call("query", "messages:list", { limit: 10 })));

try {
  await mutate("messages:send", { body: "" });
} catch (error) {
  if (reason(error) !== "CONVEX_ERROR") throw error; // thrown by the function, on purpose
  console.log("refused:", reason(error), "-", error.details);
}

await mutate("messages:send", { body: "hello from Node" });
const queries = [["messages:list", { limit: 10 }], ["messages:list", { limit: 1 }]];
for await (const { readTime, results: [messages, newest] } of watch(queries)) {
  console.log(`watch: ${readTime}, ${describe(messages)}; the newest: ${newest.at(-1)?.body}`);
}

/** Runs a mutation once, also if it has to be sent again: its request id stays the same. */
function mutate(path, args) {
  return call("mutate", path, args, { requestId: randomBytes(16).toString("hex") });
}

/** Runs a function once. `method` is query, mutate or action. */
function call(method, path, args = {}, fields = {}) {
  return new Promise((resolve, reject) => {
    gateway[method]({ ...request(path, args), ...fields }, credentials(), (error, response) => {
      if (error) reject(error);
      else resolve(JSON.parse(response.valueJson));
    });
  });
}

/**
 * Yields the results of queries, each [path, args], and the time at which all of them hold, at each change, without end. There is one
 * stream for all queries. A lost one resumes where it was.
 */
async function* watch(queries) {
  const adds = queries.map(([path, args], i) => ({ target: i + 1, path, argsJson: encoded(args) }));
  const results = new Map(); // by target
  let changed = false; // since the last yield
  for (let backoff = 1_000; ; backoff = Math.min(2 * backoff, 30_000)) {
    const stream = gateway.watch(credentials());
    const waiting = new Set(adds.map((query) => query.target)); // without an outcome on this stream
    try {
      stream.write({ open: { valueFormat: VALUE_FORMAT } });
      for (const add of adds) stream.write({ add });
      for await (const { changes, complete, readTime } of stream) {
        for (const change of changes ?? []) {
          if (store(change, adds[change.target - 1], results)) changed = true;
          waiting.delete(change.target);
        }
        if (!changes || !complete || waiting.size > 0) continue; // the results do not hold together yet
        backoff = 1_000;
        if (!changed) console.log("resumed: unchanged");
        else if (results.size === adds.length) {
          changed = false;
          yield { readTime: timeText(readTime), results: adds.map(({ target }) => results.get(target)) };
        }
      }
    } catch (error) {
      if (error.code !== grpc.status.UNAVAILABLE) throw error;
      console.log("lost:", grpc.status[error.code], reason(error) ?? "");
    } finally {
      stream.cancel(); // also when the caller stops
    }
    await sleep(backoff * (0.5 + Math.random() / 2));
  }
}

/** Stores the newest outcome of a query, with its resume token. Returns whether it is new. */
function store(change, query, results) {
  query.resumeToken = change.resumeToken;
  if (change.outcome === "valueJson") results.set(change.target, JSON.parse(change.valueJson));
  if (change.outcome === "functionError") { // the next write may repair it
    results.delete(change.target);
    console.log("the query failed:", change.functionError.reason);
  }
  if (change.outcome === "removed") { // this query has ended, for instance because of its path
    throw new Error(`${query.path}: ${change.removed.reason} - ${change.removed.message}`);
  }
  return change.outcome !== "unchanged";
}

function request(path, args) {
  return { path, argsJson: encoded(args), valueFormat: VALUE_FORMAT };
}

function encoded(args) {
  return Buffer.from(JSON.stringify(args));
}

function timeText({ seconds, nanos = 0 }) {
  return new Date(Number(seconds) * 1_000 + nanos / 1e6).toISOString();
}

function credentials() {
  const metadata = new grpc.Metadata();
  if (TOKEN) metadata.set("authorization", `Bearer ${TOKEN}`);
  return metadata;
}

/**
 * The reason of the error's google.rpc.ErrorInfo, from the trailer that repeats it; undefined if the error is not the
 * gateway's, for instance if there is no connection.
 */
function reason(error) {
  return error.metadata?.get("error-reason")[0];
}

function describe(messages) {
  return `${messages.length} messages` + (messages.length ? `, the last: ${messages.at(-1).body}` : "");
}
