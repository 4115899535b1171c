// The deployment under test, and clients of it that are closed after the test.
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { after } from "node:test";

export const url = process.env.DEPLOYMENT_URL;
if (!url) throw new Error("DEPLOYMENT_URL is not set");

async function post(path, body) {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.text();
}

// control turns on a fault of the deployment: cut, close, restart and others.
export const control = (action, body = {}) => post(`/dev/control/${action}`, body);

const get = async (name) => (await fetch(`${url}/dev/control/${name}`)).json();

export const stats = () => get("stats");
export const adminKey = async () => (await get("admin_key")).adminKey;

// token makes a session token of a user; ttl as "60s".
export async function token(user, ttl = "60s", claims = {}) {
  return JSON.parse(await post("/dev/token", { user, ttl, claims })).token;
}

// WebSocketClass is Node's own, or on Node 20 that of the package ws.
export const WebSocketClass = globalThis.WebSocket ?? (await import("ws")).default;

// watchedSocket is a WebSocket class that records the messages sent and received.
export function watchedSocket() {
  return class Watched extends WebSocketClass {
    static sent = [];
    static received = [];
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => Watched.received.push(JSON.parse(data)));
    }
    send(data) {
      Watched.sent.push(JSON.parse(data));
      super.send(data);
    }
  };
}

const open = new Set();
after(() => Promise.all([...open].map((client) => client.close())));

export const httpClient = () => new ConvexHttpClient(url, { logger: false });

export function syncClient(options = {}) {
  const client = new ConvexClient(url, { logger: false, webSocketConstructor: WebSocketClass, ...options });
  open.add(client);
  return client;
}

// follow subscribes and keeps every outcome, a value or an Error. Its until waits for one, past or future.
export function follow(client, path, args = {}) {
  return keep((outcome) => client.onUpdate(path, args, outcome, outcome));
}

// followPages is follow for a paginated query.
export function followPages(client, path, args, initialNumItems) {
  return keep((outcome) => client.onPaginatedUpdate_experimental(path, args, { initialNumItems }, outcome, outcome));
}

function keep(subscribe) {
  const outcomes = [];
  const waiting = new Set();
  const unsubscribe = subscribe((outcome) => {
    outcomes.push(outcome);
    for (const check of waiting) check();
  });
  const until = (wanted) =>
    new Promise((resolve) => {
      const check = () => {
        const found = outcomes.find(wanted);
        if (found === undefined) return;
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  return { outcomes, until, unsubscribe };
}

let last = 0;
// unique is the name of a counter or channel that no other test uses.
export const unique = () => `js${process.pid}n${++last}`;

// rejection is the error of a promise that must fail.
export const rejection = (promise) =>
  promise.then(
    (value) => {
      throw new Error(`did not fail: ${value}`);
    },
    (error) => error,
  );
