// Calls every RPC but Watch, which browsers cannot call, with generated clients of several libraries: node main.mjs GATEWAY DEPLOYMENT
// (URLs of `dev`). Prints a line a client, and ends with 1 at the first failure.
import assert from "node:assert/strict";
import { createClient, ConnectError, Code } from "@connectrpc/connect";
import * as node from "@connectrpc/connect-node";
import * as web from "@connectrpc/connect-web";
import { GrpcWebFetchTransport } from "@protobuf-ts/grpcweb-transport";
import { RpcError } from "@protobuf-ts/runtime-rpc";
import { FunctionService } from "./gen/es/convexgateway/v1/function_service_pb.js";
import { ValueFormat } from "./gen/es/convexgateway/v1/value_format_pb.js";
import { AuthService } from "./gen/es/convexgateway/v1/auth_service_pb.js";
import { FunctionServiceClient } from "./gen/ts/convexgateway/v1/function_service.client.js";
import { AuthServiceClient } from "./gen/ts/convexgateway/v1/auth_service.client.js";

const [gateway, deployment] = process.argv.slice(2);

/** Clients of Connect-ES, by the same functions. An error has a code's number, and its reason from the metadata. */
function connectES(transport) {
  const functions = createClient(FunctionService, transport), auth = createClient(AuthService, transport);
  const options = ({ token, signal }) => ({ signal, headers: token ? { authorization: `Bearer ${token}` } : {} });
  const clients = { functions, auth };
  return {
    unary: (service, method, request, call = {}) => clients[service][method](request, options(call)),
    stream: (service, method, request, call) => clients[service][method](request, options(call)),
    failure: (error) => {
      const e = ConnectError.from(error);
      return { code: e.code, reason: e.metadata.get("error-reason") };
    },
  };
}

/** Clients of protobuf-ts. */
function protobufTS(format) {
  const transport = new GrpcWebFetchTransport({ baseUrl: gateway, format });
  const clients = { functions: new FunctionServiceClient(transport), auth: new AuthServiceClient(transport) };
  const options = ({ token, signal }) => ({ abort: signal, meta: token ? { authorization: `Bearer ${token}` } : {} });
  return {
    unary: async (service, method, request, call = {}) => (await clients[service][method](request, options(call))).response,
    stream: (service, method, request, call) => clients[service][method](request, options(call)).responses,
    failure: (error) => {
      assert(error instanceof RpcError, error);
      return { code: Code[camel(error.code)], reason: error.meta["error-reason"] };
    },
  };
}

/** NOT_FOUND is NotFound among the codes of Connect-ES. */
const camel = (code) => code.toLowerCase().replace(/(?:^|_)(.)/g, (_, letter) => letter.toUpperCase());

const clients = {
  "connect-node, Connect, HTTP/1.1": connectES(node.createConnectTransport({ baseUrl: gateway, httpVersion: "1.1" })),
  "connect-node, Connect, binary, GET": connectES(node.createConnectTransport({ baseUrl: gateway, httpVersion: "1.1", useBinaryFormat: true, useHttpGet: true })),
  "connect-node, Connect, gzip": connectES(node.createConnectTransport({ baseUrl: gateway, httpVersion: "1.1", sendCompression: node.compressionGzip, compressMinBytes: 1 })),
  "connect-node, gRPC-Web": connectES(node.createGrpcWebTransport({ baseUrl: gateway, httpVersion: "1.1" })),
  "connect-web, Connect": connectES(web.createConnectTransport({ baseUrl: gateway })),
  "connect-web, Connect, binary, GET": connectES(web.createConnectTransport({ baseUrl: gateway, useBinaryFormat: true, useHttpGet: true })),
  "connect-web, gRPC-Web": connectES(web.createGrpcWebTransport({ baseUrl: gateway })),
  "protobuf-ts, gRPC-Web": protobufTS("binary"),
};

/** A session token of dev for a user. */
async function tokenFor(user) {
  const response = await fetch(`${deployment}/dev/token`, { method: "POST", body: JSON.stringify({ user, ttl: "10m" }) });
  return (await response.json()).token;
}

const encode = (value) => new TextEncoder().encode(JSON.stringify(value));
const decode = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
const JSON_LANE = ValueFormat.JSON;

/** The first event of a stream that holds, and then the stream is closed. */
async function first(client, service, method, request, token, holds, onEvent = () => {}) {
  const closing = new AbortController();
  try {
    for await (const event of client.stream(service, method, request, { token, signal: closing.signal })) {
      if (holds(event)) return event;
      await onEvent(event);
    }
  } finally {
    closing.abort();
  }
  assert.fail(`${method} ended`);
}

/** The outcome of an event or change: its case and value, as either library has them. */
const outcome = (of) => of.event ?? of.outcome ?? { case: undefined };
const kind = (of) => outcome(of).case ?? outcome(of).oneofKind;
const valueJson = (of) => decode(outcome(of).value ?? outcome(of).valueJson);

async function check(name, client, user) {
  const token = await tokenFor(user);
  const call = { token };
  const add = (by) => client.unary("functions", "mutate", {
    path: "counter:add", argsJson: encode({ name, by }), valueFormat: JSON_LANE, requestId: crypto.randomUUID(),
  }, call);
  const added = await add(2);
  assert.equal(decode(added.valueJson), 2);
  assert(added.commitTime);

  const query = { path: "counter:get", argsJson: encode({ name }), valueFormat: JSON_LANE };
  assert.equal(decode((await client.unary("functions", "query", query, call)).valueJson), 2);
  const me = await client.unary("functions", "query", { path: "users:me", argsJson: encode({}), valueFormat: JSON_LANE }, call);
  assert.equal(decode(me.valueJson).subject, `user_${user}`);
  const slept = await client.unary("functions", "action", { path: "actions:sleep", argsJson: encode({ ms: 1 }), valueFormat: JSON_LANE }, call);
  assert.equal(decode(slept.valueJson), 1);

  for (const [request, code, reason] of [
    [{ path: "no:such" }, Code.NotFound, "FUNCTION_NOT_FOUND"],
    [{ path: "errors:convex", argsJson: encode({ data: { code: "OUT_OF_RANGE" } }) }, Code.OutOfRange, "CONVEX_ERROR"],
    [{ path: "a b" }, Code.InvalidArgument, "INVALID_PATH"],
  ]) {
    const error = await client.unary("functions", "query", { argsJson: new Uint8Array(), valueFormat: JSON_LANE, ...request }, call).catch((e) => e);
    assert.deepEqual(client.failure(error), { code, reason });
  }
  const refused = await client.unary("functions", "query", query, { token: "no.such.token" }).catch((e) => e);
  assert.equal(client.failure(refused).code, Code.Unauthenticated);

  const follow = { resumeToken: "", refreshKey: "", ...query };
  const seen = await first(client, "functions", "subscribe", follow, token,
    (event) => kind(event) === "valueJson" && valueJson(event) === 3,
    (event) => kind(event) === "valueJson" && add(1));
  const again = await first(client, "functions", "subscribe", { ...follow, resumeToken: seen.resumeToken }, token, (event) => kind(event) !== "connection");
  assert.equal(kind(again), "unchanged");
  const streamError = await first(client, "functions", "subscribe", { ...follow, path: "a b" }, token, () => true).catch((e) => e);
  assert.deepEqual(client.failure(streamError), { code: Code.InvalidArgument, reason: "INVALID_PATH" });

  const outcomes = new Map();
  const watched = (target, path, args) => ({ target, path, argsJson: encode(args), resumeToken: "", group: 0 });
  await first(client, "functions", "watchSet", {
    options: { valueFormat: JSON_LANE, refreshKey: "" }, queries: [watched(1, "counter:get", { name }), watched(2, "no:such", {})],
  }, token, (response) => {
    for (const change of response.changes) outcomes.set(change.target, change);
    return response.complete;
  });
  assert.equal(valueJson(outcomes.get(1)), 3);
  assert.equal(kind(outcomes.get(2)), "functionError");

  const refreshKey = crypto.randomUUID();
  const AUTHENTICATED = 2;
  await first(client, "auth", "authState", { refreshKey }, token, (state) => state.state === AUTHENTICATED);
  const refreshed = await client.unary("auth", "refreshAuth", { refreshKey }, call);
  assert(refreshed.identityTag);
  await client.unary("auth", "signOut", {}, call);
  const signedOut = await client.unary("functions", "query", query, call).catch((e) => e);
  assert.equal(client.failure(signedOut).code, Code.Unauthenticated);
}

let users = 0;
for (const [name, client] of Object.entries(clients)) {
  await check(name, client, `client${users++}`);
  console.log(`${name}: every RPC but Watch`);
}
