// A client of Convex Gateway for browsers: fetch and nothing else.

const UNAVAILABLE = 14; // google.rpc.Code
const QUIET = 45_000; // ms; on a stream the gateway sends something every 15 s

/** An error of the gateway: a google.rpc.Status. Switch on `reason`, not on the message. */
export class GatewayError extends Error {
  constructor({ code, message, details = [] }) {
    super(message);
    const detail = (type) => details.find((d) => d["@type"].endsWith(`/${type}`));
    this.code = code;
    this.reason = detail("google.rpc.ErrorInfo")?.reason;
    this.data = detail("convexgateway.v1.FunctionError")?.data; // of a ConvexError
  }
}

export class Gateway {
  #url;
  #getToken;

  /** `getToken` is called before each call: Clerk's `() => clerk.session?.getToken()`. No token: the call is anonymous. */
  constructor(url, getToken = () => undefined) {
    this.#url = url;
    this.#getToken = getToken;
  }

  query(path, args) {
    return this.#call("query", { path, args });
  }

  /** Runs a mutation once, also if it has to be sent again, up to 4 times: its request id stays the same. */
  async mutate(path, args) {
    const requestId = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
    for (let backoff = 500; ; backoff *= 2) {
      try {
        return await this.#call("mutate", { path, args, requestId });
      } catch (error) {
        const lost = error.code === UNAVAILABLE || !(error instanceof GatewayError);
        if (!lost || backoff > 4_000) throw error;
      }
      await pause(backoff);
    }
  }

  action(path, args) {
    return this.#call("action", { path, args });
  }

  /**
   * Yields the events of a query until the signal aborts: `{value}`, `{functionError}` (the next write may repair it),
   * `{unchanged}` after a resume, `{connection}`, and `{lost}`, an error, each time before the stream is opened again.
   */
  async *subscribe(path, args, signal) {
    let resumeToken, refused;
    for (let backoff = 1_000; !signal?.aborted; backoff = Math.min(2 * backoff, 30_000)) {
      const token = await this.#getToken();
      if (refused && token === refused.token) throw refused.error;
      try {
        for await (const event of this.#stream({ path, args, resumeToken }, token, signal)) {
          if (event.resumeToken) {
            resumeToken = event.resumeToken;
            backoff = 1_000;
          }
          yield event;
        }
      } catch (error) {
        if (signal?.aborted) return;
        if (error.reason === "TOKEN_EXPIRED") refused = { token, error }; // try again with another one
        else if (error instanceof GatewayError && error.code !== UNAVAILABLE) throw error;
        yield { lost: error };
      }
      await pause(backoff);
    }
  }

  async #call(kind, request) {
    const response = await this.#post(kind, request, await this.#getToken(), AbortSignal.timeout(60_000));
    return (await response.json()).value;
  }

  /** Follows one stream to its end: each line is `{"result": event}`, or at last `{"error": status}`. */
  async *#stream(request, token, signal) {
    const quiet = new AbortController();
    const response = await this.#post("subscribe", request, token, AbortSignal.any([quiet.signal, signal].filter(Boolean)));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    try {
      for (let rest = ""; ; ) {
        const alarm = setTimeout(() => quiet.abort(new Error("the connection is dead")), QUIET);
        const { done, value } = await reader.read().finally(() => clearTimeout(alarm));
        if (done) return;
        const lines = (rest + value).split("\n");
        rest = lines.pop();
        for (const { result, error } of lines.map((line) => JSON.parse(line))) {
          if (error) throw new GatewayError(error);
          yield result;
        }
      }
    } finally {
      quiet.abort(); // closes the connection, also when the caller stops
    }
  }

  async #post(route, request, token, signal) {
    const response = await fetch(`${this.#url}/v1/${route}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify(request),
      signal,
    });
    if (!response.ok) throw new GatewayError(await response.json());
    return response;
  }
}

/** Waits for half of that time to all of it, in ms. */
function pause(backoff) {
  return new Promise((resolve) => setTimeout(resolve, backoff * (0.5 + Math.random() / 2)));
}
