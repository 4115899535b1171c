// Calls and streams of the gateway's REST API.

import { readEvents } from "/console/sse.js";

const UNKNOWN = 2; // google.rpc.Code
const RESOURCE_EXHAUSTED = 8;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;
const QUIET = 45_000; // ms; the gateway sends something every 15 s, so without data for so long the connection is dead
const FIRST_PAUSE = 500; // ms before a lost stream is opened again; doubled up to LONGEST_PAUSE
const LONGEST_PAUSE = 15_000;

/** An error of the gateway: a google.rpc.Status. */
export class GatewayError extends Error {
  constructor({ code, message = "", details = [] }, httpStatus) {
    super(message);
    const detail = (name) => details.find((d) => d["@type"]?.endsWith(`/${name}`)) ?? {};
    this.code = code;
    this.httpStatus = httpStatus;
    this.reason = detail("google.rpc.ErrorInfo").reason ?? "";
    this.functionError = detail("convexgateway.v1.FunctionError");
  }

  /** Whether the same call may succeed later: the gateway is not reachable, or overloaded. */
  get isTemporary() {
    return this.code === UNAVAILABLE || this.code === RESOURCE_EXHAUSTED;
  }

  /** Whether the token was refused, and another one may be accepted. */
  get refusesToken() {
    return this.code === UNAUTHENTICATED;
  }
}

/** Sends a request and decodes the JSON of the response. `text` is the body, sent as it is. */
export async function post(route, text, token) {
  const response = await fetch(route, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...bearer(token) },
    body: text,
  });
  if (!response.ok) throw await refusal(response);
  return { answer: await response.json(), httpStatus: response.status, requestId: response.headers.get("X-Request-Id") };
}

/** Returns the body of a call. The arguments are sent as they were typed. Streams may have a refresh key. */
export function requestBody(path, argsText, refreshKey) {
  const key = refreshKey ? `,"refreshKey":${JSON.stringify(refreshKey)}` : "";
  return `{"path":${JSON.stringify(path)},"args":${argsText}${key}}`;
}

/** Returns the body of POST /v1/watch for queries `{target, path, args, token}`, in ascending order of their targets. */
export function watchBody(queries, refreshKey) {
  const texts = queries.map(({ target, path, args, token }) => {
    const resume = token ? `,"resumeToken":${JSON.stringify(token)}` : "";
    return `{"target":${target},"path":${JSON.stringify(path)},"args":${args}${resume}}`;
  });
  const options = refreshKey ? `"options":{"refreshKey":${JSON.stringify(refreshKey)}},` : "";
  return `{${options}"queries":[${texts.join(",")}]}`;
}

/**
 * Follows a stream until the signal aborts: yields its events, `{type, data}` with parsed data; `{type: "open"}` each time
 * that it has been opened; and `{type: "lost", error, pause}` when it will be opened again after a pause in ms. It resumes
 * by Last-Event-ID. Throws an error after which opening it again is of no use.
 *
 * `request()` returns the URL, the token, and the body of a POST; it is called each time the stream is opened.
 */
export async function* follow(request, signal) {
  let lastId = "";
  for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    let error;
    try {
      for await (const event of openStream(request(), lastId, signal)) {
        if (event.type === "status") throw new GatewayError(event.data);
        if (event.id) lastId = event.id;
        if (event.type !== "open") pause = FIRST_PAUSE;
        yield event;
      }
      error = new Error("the connection was closed");
    } catch (thrown) {
      error = thrown;
    }
    if (signal.aborted) return;
    if (error instanceof GatewayError && !error.isTemporary) throw error;
    const jittered = pause * (0.5 + Math.random() / 2);
    yield { type: "lost", error, pause: jittered };
    await sleep(jittered, signal);
  }
}

async function* openStream({ url, token, body }, lastId, signal) {
  const dead = new AbortController();
  const response = await fetch(url, {
    method: body ? "POST" : "GET",
    body,
    headers: {
      Accept: "text/event-stream",
      ...(body && { "Content-Type": "application/json" }),
      ...bearer(token),
      ...(lastId && { "Last-Event-ID": lastId }),
    },
    cache: "no-store",
    signal: AbortSignal.any([signal, dead.signal]),
  });
  if (!response.ok) throw await refusal(response);
  yield { type: "open" };
  const watchdog = () => setTimeout(() => dead.abort(new Error("nothing was received for 45 s")), QUIET);
  let alarm = watchdog();
  try {
    for await (const event of readEvents(response.body)) {
      clearTimeout(alarm);
      alarm = watchdog();
      if (event.type) yield { type: event.type, id: event.id, data: JSON.parse(event.data) };
    }
  } finally {
    clearTimeout(alarm);
    dead.abort(); // closes the connection, also when the caller stops
  }
}

function bearer(token) {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

async function refusal(response) {
  try {
    return new GatewayError(await response.json(), response.status);
  } catch {
    const code = response.status >= 500 ? UNAVAILABLE : UNKNOWN; // a proxy's own page
    return new GatewayError({ code, message: `HTTP ${response.status} without a readable body` }, response.status);
  }
}

/** Waits for `ms`, or until the browser is online again or the signal aborts. */
export function sleep(ms, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
    signal?.addEventListener("abort", done);
  });
}
