// The page: a form for calls, the functions used before, and the results.

import { Account } from "/console/account.js";
import { byId, copyButton, el } from "/console/dom.js";
import { Editor } from "/console/editor.js";
import { post, requestBody } from "/console/gateway.js";
import { LiveQuery } from "/console/live.js";
import { forgetAll, lastArguments, recent, remember } from "/console/recent.js";
import { failureCard, pendingCard, resultCard } from "/console/result.js";
import { sample } from "/console/sample.js";
import { Session } from "/console/session.js";
import { LiveSet } from "/console/set.js";
import { snippets } from "/console/snippets.js";

const MAX_LIVE = 2; // with AuthState three streams; browsers open six HTTP/1.1 connections to a host

const KIND_WORDS = { query: "query", subscribe: "live", watch: "watch", mutate: "mutation", action: "action" };
const RUN_WORDS = { query: "Run query", subscribe: "Subscribe", watch: "Add to Watch", mutate: "Run mutation", action: "Run action" };

const settings = await (await fetch("/console/settings.json")).json();
const session = new Session();
const editor = new Editor({ field: byId("args"), mirror: byId("args-mirror"), message: byId("args-error") });
const form = byId("composer");
const live = []; // newest last
let shownLanguage = "curl";
let runs = 0;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
});
form.addEventListener("change", () => (byId("run").textContent = RUN_WORDS[kind()]));
byId("path").addEventListener("input", () => showPathProblem(""));
byId("forget").addEventListener("click", () => {
  forgetAll();
  showFunctions();
});
session.addEventListener("identity", () => live.forEach((card) => card.reopen()));

showFunctions();
new Account(session, settings).start();

function kind() {
  return new FormData(form).get("kind");
}

function choose(chosen, path, args) {
  form.elements.kind.value = chosen;
  byId("path").value = path;
  editor.text = args;
  showPathProblem("");
  byId("run").textContent = RUN_WORDS[chosen];
  byId("run").focus();
}

function run() {
  const path = byId("path").value.trim();
  if (path === "") {
    byId("path").focus();
    return showPathProblem("Name a function, such as messages:list.");
  }
  if (!editor.check()) return editor.showError();
  const call = { kind: kind(), path, args: editor.compact, signedIn: session.signedIn };
  remember(call.kind, path, editor.text);
  showFunctions();
  byId("empty").hidden = true;
  if (call.kind === "subscribe") follow(new LiveQuery(call, session, announce));
  else if (call.kind === "watch") call.queries = watch(call);
  else runOnce(call);
  showSnippets(call);
}

function showPathProblem(text) {
  byId("path-error").textContent = text;
  byId("path-error").hidden = text === "";
  byId("path").setAttribute("aria-invalid", String(text !== ""));
}

async function runOnce(call) {
  const mine = ++runs;
  const started = performance.now();
  byId("result").replaceChildren(pendingCard(call));
  let card;
  try {
    const answer = await post(`/v1/${call.kind}`, requestBody(call.path, call.args), session.token);
    card = resultCard(call, answer, performance.now() - started);
    announce(`${call.path}: done`);
  } catch (error) {
    card = failureCard(call, error, performance.now() - started);
    announce(`${call.path}: failed, ${error.reason || error.message}`);
  }
  if (mine !== runs) return;
  byId("result").replaceChildren(card);
  reveal(card);
}

/** Adds a query to the set that is followed, if there is none to a new one. Returns the queries of the set. */
function watch(call) {
  let set = live.find((card) => card instanceof LiveSet && card.running);
  if (!set) follow((set = new LiveSet(session, announce)));
  reveal(set.add(call));
  return set.calls;
}

/** Shows the card of a stream. */
function follow(card) {
  const open = live.filter((other) => other.running);
  if (open.length === MAX_LIVE) open[0].stop(`Only ${MAX_LIVE} streams are followed at a time; a newer one took this one's place.`);
  live.splice(0, live.length, ...live.filter((other) => other.element.isConnected), card);
  byId("live").prepend(card.element);
  reveal(card.element);
}

/** Scrolls to a card: on a phone it is below the visible part of the page. */
function reveal(card) {
  const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  card.scrollIntoView({ block: "nearest", behavior: smooth ? "smooth" : "instant" });
}

function announce(text) {
  byId("announcement").textContent = text;
}

/** Lists the functions that were used before and, in front of the sample app, others to try. */
function showFunctions() {
  const used = recent();
  const rest = settings.users ? sample.filter((s) => !used.some((f) => f.kind === s.kind && f.path === s.path)) : [];
  byId("recent").replaceChildren(...used.map((f) => functionItem(f, lastArguments(f.path) ?? sampleArguments(f) ?? "{}")));
  byId("recent-group").hidden = used.length === 0;
  byId("sample").replaceChildren(...rest.map((f) => functionItem(f, f.args)));
  byId("sample-group").hidden = rest.length === 0;
  byId("no-functions").hidden = used.length + rest.length > 0;
  const paths = new Set([...used, ...rest].map((f) => f.path));
  byId("paths").replaceChildren(...Array.from(paths, (path) => el("option", { value: path })));
}

function sampleArguments({ path }) {
  return settings.users ? sample.find((s) => s.path === path)?.args : undefined;
}

function functionItem(f, args) {
  return el("li", {}, el("button", { type: "button", class: "function", onclick: () => choose(f.kind, f.path, args) },
    el("span", { class: "function-path" }, f.path), " ", el("span", { class: "function-kind" }, KIND_WORDS[f.kind] ?? f.kind)));
}

/** Shows the same call for other clients, in tabs. */
function showSnippets(call) {
  const texts = snippets(call, settings);
  const code = el("pre", { tabindex: "0", role: "tabpanel", id: "snippet", "aria-labelledby": `tab-${shownLanguage}` });
  const tabs = Object.keys(texts).map((language) => el("button", {
    type: "button", role: "tab", id: `tab-${language}`, "aria-controls": "snippet", onclick: () => select(language), onkeydown: move,
  }, language));
  function select(language) {
    shownLanguage = language;
    code.textContent = texts[language];
    code.setAttribute("aria-labelledby", `tab-${language}`);
    for (const tab of tabs) {
      const selected = tab.textContent === language;
      tab.setAttribute("aria-selected", String(selected));
      tab.tabIndex = selected ? 0 : -1;
    }
  }
  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs.at((tabs.indexOf(event.currentTarget) + step) % tabs.length);
    select(next.textContent);
    next.focus();
  }
  select(shownLanguage);
  byId("snippets").replaceChildren(
    el("div", { class: "tabs" }, el("div", { role: "tablist", "aria-label": "Language" }, ...tabs), copyButton(() => code.textContent)), code);
  byId("snippets-section").hidden = false;
}
