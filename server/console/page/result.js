// The card of one call: running, succeeded or failed.

import { linesOf } from "/console/diff.js";
import { clock, copyButton, el } from "/console/dom.js";
import { GatewayError } from "/console/gateway.js";
import { showLines } from "/console/lines.js";

const CODES = [
  "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE",
  "DATA_LOSS", "UNAUTHENTICATED",
]; // google.rpc.Code

const KINDS = { query: "Query", mutate: "Mutation", action: "Action" };

/** Makes the card of a running call, `{kind, path}`. */
export function pendingCard(call) {
  return card(call, "running", el("span", { class: "status" }, "Running"));
}

/** Makes the card of a call with its result, `{value, logLines, commitTime}`. */
export function resultCard(call, { answer, httpStatus, requestId }, ms) {
  const value = el("div", { class: "value", tabindex: "0", role: "region", "aria-label": `Result of ${call.path}` }, showLines(linesOf(answer.value)));
  for (const line of answer.logLines ?? []) value.append(el("p", { class: "log" }, line));
  const facts = [KINDS[call.kind], `HTTP ${httpStatus}`, duration(ms)];
  if (answer.commitTime) facts.push(`committed ${clock(new Date(answer.commitTime))}`);
  return card(call, "ok", el("span", { class: "status" }, "OK"), copyButton(() => JSON.stringify(answer.value, null, 2)),
    [el("p", { class: "caption" }, facts.join("  ·  ")), value], requestId);
}

/** Makes the card of a failed call. */
export function failureCard(call, error, ms) {
  const known = error instanceof GatewayError;
  const facts = [KINDS[call.kind], known && error.httpStatus ? `HTTP ${error.httpStatus}` : "no answer", duration(ms)];
  return card(call, "failed", el("span", { class: "status" }, "Failed"), undefined,
    [el("p", { class: "caption" }, facts.join("  ·  ")), describeError(error)]);
}

function card(call, outcome, status, copy, body = [], requestId) {
  return el("article", { class: "card result", "data-outcome": outcome, "aria-label": `Result: ${call.path}`, title: requestId && `Request ${requestId}` },
    el("header", {}, el("span", { class: "dot", "aria-hidden": "true" }), el("h3", {}, call.path), status, el("span", { class: "actions" }, copy)),
    ...body);
}

const duration = (ms) => (ms < 10_000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`);

/** Describes a GatewayError, a FunctionError message of the contract, or an error of the browser. */
export function describeError(error) {
  const thrown = error instanceof GatewayError ? error.functionError : error instanceof Error ? {} : error;
  const code = CODES[error.code];
  const block = el("div", { class: "failure" },
    el("p", { class: "reason" }, el("strong", {}, error.reason || (code ?? "UNREACHABLE")), error.reason && code ? ` ${code}` : ""),
    error.message ? el("p", { class: "message" }, error.message) : undefined);
  if ("data" in thrown) block.append(showLines(linesOf(thrown.data)));
  for (const line of thrown.logLines ?? []) block.append(el("p", { class: "log" }, line));
  return block;
}
