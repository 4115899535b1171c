import { ConnectError } from "@connectrpc/connect";
import { dataOf, Gateway, reasonOf, type WatchEvent } from "./gateway.js";

interface Message {
  author: string;
  body: string;
}

const get = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
const log = (...words: unknown[]) => get("log").append(words.join(" "), "\n");
const field = (form: string, name: string) => get<HTMLFormElement>(form).elements.namedItem(name) as HTMLInputElement;

const url = new URLSearchParams(location.search).get("gateway") ?? "http://127.0.0.1:8080";
// With Clerk: () => clerk.session?.getToken()
const gateway = new Gateway(url, () => field("sign-in", "token").value);

async function showMe() {
  try {
    const me = (await gateway.query({ path: "users:me" })) as { subject: string } | null;
    get("me").textContent = me ? `signed in as ${me.subject}` : "anonymous";
  } catch (error) {
    get("me").textContent = `not signed in: ${describe(error)}`;
  }
}

async function showMessages(signal: AbortSignal) {
  for await (const event of gateway.watch([{ path: "messages:list", args: { limit: 10 } }], signal)) show(event);
}

function show(event: WatchEvent) {
  if ("unchanged" in event) return log("resumed: unchanged");
  if ("lost" in event) return log("lost:", describe(event.lost));
  const [messages] = event.results;
  if (!messages) return;
  if ("error" in messages) return log("the query failed:", messages.error.reason);
  get("messages").replaceChildren(...(messages.value as unknown as Message[]).map(({ author, body }) => {
    const item = document.createElement("li");
    item.textContent = `${author}: ${body}`;
    return item;
  }));
}

function describe(error: unknown): string {
  const e = ConnectError.from(error);
  return reasonOf(e) ?? e.message;
}

let session = new AbortController(); // ends with the identity that it was made for
function start() {
  session.abort();
  session = new AbortController();
  get("messages").replaceChildren();
  void showMe();
  showMessages(session.signal).catch((error: unknown) => log("ended:", describe(error)));
}

get("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});

// With Clerk, call it a while before the token expires.
get("refresh").addEventListener("click", async () => {
  try {
    log("refreshed:", await gateway.refresh(), "streams");
  } catch (error) {
    log("not refreshed:", describe(error));
  }
});

get("send").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await gateway.mutate("messages:send", { body: field("send", "body").value });
    get<HTMLFormElement>("send").reset();
  } catch (error) {
    const e = ConnectError.from(error);
    switch (reasonOf(e)) {
      case "CONVEX_ERROR": // thrown by the function, on purpose
        return log("refused:", reasonOf(e), "-", (dataOf(e) as { message: string }).message);
      default:
        return log("failed:", describe(e), "-", e.message);
    }
  }
});

start();
