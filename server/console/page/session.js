// The page's sign-in: its token, the state that AuthState reports, and the renewal of the token.

import { follow, GatewayError, post, sleep } from "/console/gateway.js";

const RENEWAL_PAUSE = 1_000; // ms between attempts to get the next token
const AFTER_SIGN_OUT = 1_100; // ms; a token issued in the second of a sign-out is refused with it
const FRESH_STARTS = 2; // how often a new token is tried when the session was refused

/**
 * Fires "change" when the state has changed, and "identity" when streams must be opened again with another identity or refresh
 * key.
 */
export class Session extends EventTarget {
  token; // in memory only
  refreshKey;
  /** The last event of AuthState, plus `link`: whether its stream is open; or `{problem}`. */
  state = { state: "STATE_LOADING", link: "connecting" };
  #mint; // makes the next token; undefined: the user pastes tokens
  #freshStarts = FRESH_STARTS;
  #stop = new AbortController();
  #renewing = false;

  start() {
    this.#begin(undefined);
  }

  get signedIn() {
    return this.token !== undefined;
  }

  /** Signs in with tokens made by `mint`, now and whenever the next one is needed. */
  async signInWith(mint) {
    const token = await mint();
    this.#mint = mint;
    this.#freshStarts = FRESH_STARTS;
    this.#begin(token);
  }

  /** Signs in with a token, or extends the session if it is a newer token of the same one. */
  async signIn(token) {
    this.#mint = undefined;
    if (this.state.state === "STATE_AUTHENTICATED" && (await this.#extend(token).catch(() => false))) return;
    this.#begin(token);
  }

  /** Ends the session at the gateway, too. Throws if that fails; the token is dropped in any case. */
  async signOut() {
    const token = this.token;
    this.#stop.abort();
    this.#mint = undefined;
    try {
      await post("/v1/auth/sign-out", "{}", token);
    } catch (error) {
      if (!(error instanceof GatewayError && error.refusesToken)) throw error;
    } finally {
      this.#begin(undefined);
    }
  }

  #begin(token) {
    this.token = token;
    this.refreshKey = token && randomKey();
    this.#show({ state: "STATE_LOADING", link: "connecting" });
    this.dispatchEvent(new Event("identity"));
    this.#follow();
  }

  async #follow() {
    this.#stop.abort();
    const stop = (this.#stop = new AbortController());
    const body = this.token && JSON.stringify({ refreshKey: this.refreshKey });
    try {
      for await (const event of follow(() => ({ url: "/v1/auth/state", body, token: this.token }), stop.signal)) this.#handle(event);
    } catch (error) {
      if (!stop.signal.aborted) this.#refused(error, stop.signal);
    }
  }

  #handle(event) {
    if (event.type === "lost") this.#show({ ...this.state, link: "lost" });
    if (event.type === "open") this.#show({ ...this.state, link: "open" });
    if (event.type !== "auth") return;
    this.#show({ ...event.data, link: "open" });
    if (event.data.state === "STATE_AUTHENTICATED") this.#freshStarts = FRESH_STARTS;
    if (event.data.tokenNeededBy || event.data.refreshing) this.#renew(this.#stop.signal);
  }

  async #renew(signal) {
    if (!this.#mint || this.#renewing) return;
    this.#renewing = true;
    try {
      while (!signal.aborted) {
        const done = await this.#attempt();
        if (done) return;
        await sleep(RENEWAL_PAUSE, signal);
      }
    } finally {
      this.#renewing = false;
    }
  }

  /** Makes the next token and extends the session. Returns whether to stop trying. */
  async #attempt() {
    try {
      return await this.#extend(await this.#mint());
    } catch (error) {
      return error instanceof GatewayError && !error.isTemporary; // the streams end with the reason
    }
  }

  /** Gives a newer token to the open streams. */
  async #extend(token) {
    const before = this.token;
    const { answer } = await post("/v1/auth/refresh", JSON.stringify({ refreshKey: this.refreshKey }), token);
    if (this.token !== before) return false; // signed out or in meanwhile
    this.token = token;
    this.#show({ ...this.state, expiresAt: answer.expiresAt, tokenNeededBy: undefined });
    return true;
  }

  /** Handles the refusal of the session. With `mint` a new token is tried: the issuer's keys may have changed. */
  async #refused(error, signal) {
    if (this.#mint && error instanceof GatewayError && error.refusesToken && this.#freshStarts-- > 0) {
      await sleep(error.reason === "SIGNED_OUT" ? AFTER_SIGN_OUT : 0, signal);
      const token = await this.#mint().catch(() => undefined);
      if (signal.aborted) return;
      if (token) return this.#begin(token);
    }
    this.#stop.abort(); // renewal would fail
    this.#show({ state: "STATE_UNAUTHENTICATED", reason: error.reason, problem: error, link: "ended" });
  }

  #show(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}

/** Returns 192 random bits; the gateway needs at least 128. */
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
