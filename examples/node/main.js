// Convex Gateway from Node: query, mutate, subscribe, sign in, and handle an error by its reason.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const { GATEWAY = "127.0.0.1:50051", TOKEN } = process.env; // TOKEN: a Clerk session token; none: anonymous

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
for await (const messages of subscribe("messages:list", { limit: 10 })) {
  console.log("subscribe:", describe(messages));
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

/** Yields each new result of a query, without end. A lost stream resumes where it was. */
async function* subscribe(path, args = {}) {
  let resumeToken;
  for (let backoff = 1_000; ; backoff = Math.min(2 * backoff, 30_000)) {
    const stream = gateway.subscribe({ ...request(path, args), resumeToken }, credentials());
    try {
      for await (const event of stream) {
        if (event.resumeToken) {
          resumeToken = event.resumeToken;
          backoff = 1_000;
        }
        if (event.event === "valueJson") yield JSON.parse(event.valueJson);
        if (event.event === "functionError") console.log("the query failed:", event.functionError.reason); // the next write may repair it
        if (event.event === "unchanged") console.log("resumed: unchanged");
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

function request(path, args) {
  return { path, argsJson: Buffer.from(JSON.stringify(args)), valueFormat: "VALUE_FORMAT_JSON" };
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
