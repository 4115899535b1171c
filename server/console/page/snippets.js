// The last call for other clients. The token is a variable there, never shown.

import { decodeBase64 } from "/console/diff.js";
import { requestBody, watchBody } from "/console/gateway.js";

const METHODS = { query: "Query", mutate: "Mutate", action: "Action", subscribe: "Subscribe", watch: "WatchSet" };
const KOTLIN = { query: "query", mutate: "mutation", action: "action", subscribe: "subscribe" };

/**
 * Returns `{curl, grpcurl, Kotlin}` for a call: `{kind, path, args, signedIn}` with args as compact JSON; that of a watched set has
 * `queries`, each `{path, args}`.
 */
export function snippets(call, settings) {
  return { curl: curl(call), grpcurl: grpcurl(call, settings), Kotlin: kotlin(call, settings) };
}

const request = (call) => (call.queries ? watchBody(call.queries.map((query, i) => ({ ...query, target: i + 1 }))) : requestBody(call.path, call.args));

function curl(call) {
  const streams = call.kind === "subscribe" || call.kind === "watch";
  return joined([
    `curl ${streams ? "-N" : "-s"} ${location.origin}/v1/${call.kind}`,
    streams && "-H 'Accept: text/event-stream'",
    call.signedIn && '-H "Authorization: Bearer $TOKEN"',
    `-d ${shellQuoted(request(call))}`,
  ]);
}

function grpcurl(call, settings) {
  return joined([
    location.protocol === "https:" ? "grpcurl" : "grpcurl -plaintext",
    call.signedIn && '-H "authorization: Bearer $TOKEN"',
    `-d ${shellQuoted(request(call))}`,
    `${grpcAddress(settings)} convexgateway.v1.FunctionService/${METHODS[call.kind]}`,
  ]);
}

function kotlin(call, settings) {
  const target = kotlinString(`${location.protocol}//${grpcAddress(settings)}`);
  const supplier = call.signedIn ? ", TokenSupplier { token }" : "";
  const client = `val client = ConvexGatewayClient(${target}${supplier})`;
  if (call.queries) {
    const adds = call.queries.map((query) => `    add(query<JsonElement>(${kotlinArguments(query, "    ")}))\n`);
    return `${client}\nclient.watch {\n${adds.join("")}}.collect { snapshot -> println(snapshot) }`;
  }
  const invocation = `client.${KOTLIN[call.kind]}<JsonElement>(${kotlinArguments(call, "")})`;
  return `${client}\n${call.kind === "subscribe" ? `${invocation}\n    .collect { result -> println(result) }` : `val result = ${invocation}`}`;
}

function kotlinArguments({ path, args }, indent) {
  return kotlinString(path) + (args === "{}" ? "" : `, ${kotlinValue(JSON.parse(args), indent)}`);
}

function grpcAddress({ grpcHost, grpcPort }) {
  const host = grpcHost || location.hostname;
  return `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${grpcPort}`;
}

const joined = (parts) => parts.filter(Boolean).join(" \\\n  ");

/** Returns a text as one word of a POSIX shell. */
export const shellQuoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** Returns a Kotlin string literal. */
export function kotlinString(text) {
  const escaped = text.replace(/[\\"$]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
  return `"${escaped.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
}

/** Returns a value as Kotlin source, for a map of arguments. */
export function kotlinValue(value, indent = "") {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return kotlinString(value);
  if (typeof value === "number") return kotlinDouble(value);
  const inner = `${indent}    `;
  if (Array.isArray(value)) return `listOf(${value.map((item) => kotlinValue(item, inner)).join(", ")})`;
  const special = kotlinSpecial(value);
  if (special) return special;
  const entries = Object.entries(value).map(([key, item]) => `${kotlinString(key)} to ${kotlinValue(item, inner)}`);
  const oneLine = `mapOf(${entries.join(", ")})`;
  return oneLine.length <= 72 ? oneLine : `mapOf(\n${entries.map((entry) => `${inner}${entry},\n`).join("")}${indent})`;
}

function kotlinSpecial(value) {
  const [key, ...more] = Object.keys(value);
  const bytes = more.length === 0 && typeof value[key] === "string" ? decodeBase64(value[key]) : undefined;
  if (key === "$bytes" && bytes) return `Base64.getDecoder().decode(${kotlinString(value[key])})`;
  if (bytes?.length !== 8) return undefined;
  const view = new DataView(bytes.buffer);
  if (key === "$integer") return kotlinLong(view.getBigInt64(0, true));
  return key === "$float" ? kotlinDouble(view.getFloat64(0, true)) : undefined;
}

const kotlinLong = (n) => (n === -(2n ** 63n) ? "Long.MIN_VALUE" : `${n}L`);

function kotlinDouble(n) {
  if (Number.isNaN(n)) return "Double.NaN";
  if (!Number.isFinite(n)) return n > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY";
  if (Object.is(n, -0)) return "-0.0";
  const text = String(n);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
