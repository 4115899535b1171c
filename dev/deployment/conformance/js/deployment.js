// The deployment under test, and clients of it that are closed after the test.
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { after } from "node:test";

const env = process.env;
export const url = env.DEPLOYMENT_URL;
if (!url) throw new Error("DEPLOYMENT_URL is not set");

// Options of tests that a deployment without that cannot pass.
const needs = (there, what) => (there ? {} : { skip: `needs ${what}` });
export const needsControls = needs(env.DEPLOYMENT_CONTROLS, "the development deployment's controls or functions");
export const needsTokens = needs(env.DEPLOYMENT_TOKENS, "an issuer of tokens");
export const needsToken = needs(env.DEPLOYMENT_TOKENS || env.DEPLOYMENT_TOKEN, "a token");
export const needsKey = needs(env.DEPLOYMENT_ADMIN_KEY, "an admin key");
export const adminKey = env.DEPLOYMENT_ADMIN_KEY;

async function post(to, body) {
  const response = await fetch(to, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${to}: ${response.status} ${await response.text()}`);
  return response.text();
}

// control turns on a fault of the deployment: cut, close, restart and others.
export const control = (action, body = {}) => post(`${url}/dev/control/${action}`, body);

const get = async (name) => (await fetch(`${url}/dev/control/${name}`)).json();

export const stats = () => get("stats");

// token makes a session token of a user; ttl as "60s". Without an issuer it is the one that there is.
export async function token(user, ttl = "60s", claims = {}) {
  if (!env.DEPLOYMENT_TOKENS) return env.DEPLOYMENT_TOKEN;
  return JSON.parse(await post(env.DEPLOYMENT_TOKENS, { user, ttl, claims })).token;
}

// claimsOf reads a token.
export const claimsOf = (jwt) => JSON.parse(Buffer.from(jwt.split(".")[1], "base64url"));

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
