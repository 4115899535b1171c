// A gateway written by hand in Node: grpc-js in front, and behind it either the npm package `convex` or node:http. JSON is
// carried as bytes. Usage: node gateway.mjs convex|http UPSTREAM_URL PROTO_DIR
import http from "node:http";
import path from "node:path";
import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { convexToJson, jsonToConvex } from "convex/values";

const [form, upstream, protoDir] = process.argv.slice(2);
const url = new URL("/api/query", upstream);
const agent = new http.Agent({ keepAlive: true, maxSockets: 512, maxFreeSockets: 512 });
const client = new ConvexHttpClient(upstream, { skipConvexDeploymentUrlCheck: true });

// queryByClient returns the result as Convex's client decodes it, encoded again.
async function queryByClient(request) {
  const args = jsonToConvex(JSON.parse(request.argsJson.toString()));
  const value = await client.query(makeFunctionReference(request.path), args);
  return Buffer.from(JSON.stringify(convexToJson(value)));
}

// queryByHTTP returns the deployment's whole response.
function queryByHTTP(request) {
  const body = `{"path":${JSON.stringify(request.path)},"args":${request.argsJson},"format":"convex_encoded_json"}`;
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const req = http.request(url, { method: "POST", agent, headers }, (res) => {
      const chunks = [];
      res.on("data", (chunk) => chunks.push(chunk));
      res.on("error", reject);
      res.on("end", () => (res.statusCode === 200 ? resolve(Buffer.concat(chunks)) : reject(new Error(`HTTP ${res.statusCode}`))));
    });
    req.on("error", reject);
    req.end(body);
  });
}

const run = form === "convex" ? queryByClient : queryByHTTP;

function query(call, callback) {
  run(call.request).then(
    (valueJson) => callback(null, { valueJson }),
    (error) => callback({ code: grpc.status.UNAVAILABLE, message: error.message }),
  );
}

// Live queries: one subscription of Convex's client for each path, and the streams that follow it.
const live = new Map();
let liveClient;

function follow(queryPath) {
  liveClient ??= new ConvexClient(upstream, { skipConvexDeploymentUrlCheck: true });
  const topic = { streams: new Set(), newest: undefined };
  live.set(queryPath, topic);
  topic.stop = liveClient.onUpdate(makeFunctionReference(queryPath), {}, (value) => {
    topic.newest = { valueJson: Buffer.from(JSON.stringify(convexToJson(value))) };
    for (const stream of topic.streams) stream.write(topic.newest);
  });
  return topic;
}

function subscribe(stream) {
  const queryPath = stream.request.path;
  const topic = live.get(queryPath) ?? follow(queryPath);
  topic.streams.add(stream);
  if (topic.newest) stream.write(topic.newest);
  const leave = () => {
    if (topic.streams.delete(stream) && topic.streams.size === 0) {
      topic.stop();
      live.delete(queryPath);
    }
  };
  stream.on("cancelled", leave);
  stream.on("close", leave);
  stream.on("error", leave);
}

const definition = protoLoader.loadSync(path.join(protoDir, "convexgateway/v1/function_service.proto"), {
  includeDirs: [protoDir],
  defaults: false,
});
const { FunctionService } = grpc.loadPackageDefinition(definition).convexgateway.v1;
const server = new grpc.Server();
server.addService(FunctionService.service, { Query: query, Subscribe: subscribe });
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(JSON.stringify({ grpc: `127.0.0.1:${port}` }));
});
process.stdin.resume().on("end", () => process.exit(0)); // the process that started it has ended
