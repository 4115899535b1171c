// A client of Convex Gateway for browsers, with generated stubs over the Connect protocol.

import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type Client, type Interceptor } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { AuthService } from "../gen/convexgateway/v1/auth_service_pb.js";
import { FunctionErrorSchema, type FunctionError } from "../gen/convexgateway/v1/function_error_pb.js";
import { FunctionService, type TargetChange, type WatchResponse } from "../gen/convexgateway/v1/function_service_pb.js";
import { ValueFormat } from "../gen/convexgateway/v1/value_format_pb.js";

/** A query to watch. */
export interface Query {
  path: string;
  args?: JsonObject;
}

/** What a query returned, or threw. */
export type Result = { value: JsonValue } | { error: FunctionError };

/**
 * An event of `watch`: the results of all queries, which hold at one time; that none has changed while the connection was lost;
 * or why the stream is opened again.
 */
export type WatchEvent = { results: Result[] } | { unchanged: true } | { lost: ConnectError };

/** A token, or none for an anonymous caller. With Clerk: `() => clerk.session?.getToken()`. */
export type GetToken = () => Promise<string | null | undefined> | string | null | undefined;

export class Gateway {
  readonly #functions: Client<typeof FunctionService>;
  readonly #auth: Client<typeof AuthService>;
  readonly #getToken: GetToken;
  readonly #refreshKey = crypto.randomUUID(); // of the streams: whoever has it, and a token of the same session, extends them

  constructor(baseUrl: string, getToken: GetToken = () => undefined) {
    this.#getToken = getToken;
    const authenticate: Interceptor = (next) => async (request) => {
      const token = await getToken();
      if (token) request.header.set("Authorization", `Bearer ${token}`);
      return next(request);
    };
    const transport = createConnectTransport({ baseUrl, useBinaryFormat: true, useHttpGet: true, interceptors: [authenticate] });
    this.#functions = createClient(FunctionService, transport);
    this.#auth = createClient(AuthService, transport);
  }

  async query({ path, args = {} }: Query): Promise<JsonValue> {
    const response = await this.#functions.query({ path, argsJson: encode(args), valueFormat: ValueFormat.JSON }, { timeoutMs: 30_000 });
    return decode(response.valueJson);
  }

  /** Runs a mutation once, also if it has to be sent again, up to 4 times: its request id stays the same. */
  async mutate(path: string, args: JsonObject = {}): Promise<JsonValue> {
    const request = { path, argsJson: encode(args), valueFormat: ValueFormat.JSON, requestId: crypto.randomUUID() };
    for (let backoff = 500; ; backoff *= 2) {
      try {
        return decode((await this.#functions.mutate(request, { timeoutMs: 60_000 })).valueJson);
      } catch (error) {
        if (!isLost(ConnectError.from(error)) || backoff > 4_000) throw error;
      }
      await pause(backoff);
    }
  }

  /** Gives the token of `getToken`, which must be a newer one of the same session, to all open streams. Returns how many there are. */
  async refresh(): Promise<number> {
    const { adoptedStreams } = await this.#auth.refreshAuth({ refreshKey: this.#refreshKey }, { timeoutMs: 10_000 });
    return adoptedStreams;
  }

  /** Yields the results of queries until the signal aborts. A lost stream is opened again; what has not changed is not sent again. */
  async *watch(queries: Query[], signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const screen = new Screen(queries);
    let refused: { token: unknown; error: ConnectError } | undefined;
    for (let backoff = 1_000; !signal.aborted; backoff = Math.min(2 * backoff, 30_000)) {
      const token = await this.#getToken();
      if (refused && token === refused.token) throw refused.error;
      try {
        const options = { valueFormat: ValueFormat.JSON, refreshKey: this.#refreshKey };
        for await (const response of this.#functions.watchSet({ options, queries: screen.requests() }, { signal })) {
          const event = screen.apply(response);
          if (!event) continue;
          backoff = 1_000;
          yield event;
        }
      } catch (thrown) {
        if (signal.aborted) return;
        const error = ConnectError.from(thrown);
        if (reasonOf(error) === "TOKEN_EXPIRED") refused = { token, error }; // try again with another one
        else if (!isLost(error)) throw error;
        yield { lost: error };
      }
      await pause(backoff);
    }
  }
}

/** The reason of an error, UPPER_SNAKE; undefined if the gateway has not answered. Switch on it, not on the message. */
export function reasonOf(error: ConnectError): string | undefined {
  return error.metadata.get("error-reason") ?? undefined;
}

/** The data of a ConvexError. */
export function dataOf(error: ConnectError): JsonValue | undefined {
  const [thrown] = error.findDetails(FunctionErrorSchema);
  return thrown?.dataJson.length ? decode(thrown.dataJson) : undefined;
}

/** The results of queries, each the newest, and their resume tokens. */
class Screen {
  readonly #queries: Query[];
  readonly #results: (Result | undefined)[];
  readonly #resumeTokens: string[];
  #changed = false; // since the last event

  constructor(queries: Query[]) {
    this.#queries = queries;
    this.#results = queries.map(() => undefined);
    this.#resumeTokens = queries.map(() => "");
  }

  requests() {
    return this.#queries.map(({ path, args = {} }, i) => ({ target: i + 1, path, argsJson: encode(args), resumeToken: this.#resumeTokens[i] }));
  }

  /** Returns an event once all queries have an outcome as of the response's time. */
  apply({ changes, complete }: WatchResponse): WatchEvent | undefined {
    for (const change of changes) this.#set(change.target - 1, change);
    if (!complete || changes.length === 0) return undefined;
    const changed = this.#changed;
    this.#changed = false;
    return changed ? { results: this.#results as Result[] } : { unchanged: true };
  }

  #set(i: number, { outcome, resumeToken }: TargetChange) {
    this.#resumeTokens[i] = resumeToken;
    switch (outcome.case) {
      case "valueJson":
        this.#results[i] = { value: decode(outcome.value) };
        break;
      case "functionError": // the next write may repair it
        this.#results[i] = { error: outcome.value };
        break;
      case "removed":
        throw new ConnectError(outcome.value.message, outcome.value.code as Code, { "error-reason": outcome.value.reason });
      default:
        return; // unchanged
    }
    this.#changed = true;
  }
}

/** Whether another attempt may help: the gateway is away, or the connection was lost. */
function isLost(error: ConnectError): boolean {
  return error.code === Code.Unavailable || reasonOf(error) === undefined;
}

function encode(value: JsonValue): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

function decode(json: Uint8Array): JsonValue {
  return JSON.parse(new TextDecoder().decode(json)) as JsonValue;
}

/** Waits for half of that time to all of it, in ms. */
function pause(backoff: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, backoff * (0.5 + Math.random() / 2)));
}
