// Who the page is: its token, what AuthState says of it, and how it lasts.

import { follow, GatewayError, post, sleep } from "/console/gateway.js";

const RENEWAL_PAUSE = 1_000; // ms between attempts to get the next token
const AFTER_SIGN_OUT = 1_100; // ms; a token issued in the second of a sign-out is refused with it
const FRESH_STARTS = 2; // new tokens that are tried when a whole session was refused

/**
 * Fires "change" when what is shown has changed, and "identity" when streams must be opened anew, as somebody else or with
 * another refresh key.
 */
export class Session extends EventTarget {
  token; // in memory only
  refreshKey;
  /** The last event of AuthState, plus `link`: whether its stream is open; or `{problem}`. */
  state = { state: "STATE_LOADING", link: "connecting" };
  #mint; // makes the next token; without it the person brings it
  #freshStarts = FRESH_STARTS;
  #stop = new AbortController();
  #renewing = false;

  start() {
    this.#begin(undefined);
  }

  get signedIn() {
    return this.token !== undefined;
  }

  /** Signs in with tokens that `mint` makes, now and whenever the next one is needed. */
  async signInWith(mint) {
    const token = await mint();
    this.#mint = mint;
    this.#freshStarts = FRESH_STARTS;
    this.#begin(token);
  }

  /** Signs in with a token, or extends the session with it if it is a newer one of the same. */
  async signIn(token) {
    this.#mint = undefined;
    if (this.state.state === "STATE_AUTHENTICATED" && (await this.#extend(token).catch(() => false))) return;
    this.#begin(token);
  }

  /** Ends the session at the gateway, too. Throws if that could not be done; then the token is forgotten all the same. */
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
    const url = `/v1/auth/state${this.token ? `?refresh_key=${this.refreshKey}` : ""}`;
    try {
      for await (const event of follow(() => ({ url, token: this.token }), stop.signal)) this.#take(event);
    } catch (error) {
      if (!stop.signal.aborted) this.#refused(error, stop.signal);
    }
  }

  #take(event) {
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

  /** Brings the next token. Reports whether there is nothing left to try. */
  async #attempt() {
    try {
      return await this.#extend(await this.#mint());
    } catch (error) {
      return error instanceof GatewayError && !error.passes; // the streams end by themselves, and say why
    }
  }

  /** Hands a newer token to the open streams. */
  async #extend(token) {
    const before = this.token;
    const { answer } = await post("/v1/auth/refresh", JSON.stringify({ refreshKey: this.refreshKey }), token);
    if (this.token !== before) return false; // signed out or in meanwhile
    this.token = token;
    this.#show({ ...this.state, expiresAt: answer.expiresAt, tokenNeededBy: undefined });
    return true;
  }

  /** The whole session was refused. Where tokens can be made, another one may do: the issuer may be a new one. */
  async #refused(error, signal) {
    if (this.#mint && error instanceof GatewayError && error.refusesToken && this.#freshStarts-- > 0) {
      await sleep(error.reason === "SIGNED_OUT" ? AFTER_SIGN_OUT : 0, signal);
      const token = await this.#mint().catch(() => undefined);
      if (signal.aborted) return;
      if (token) return this.#begin(token);
    }
    this.#stop.abort(); // no renewal can mend it
    this.#show({ state: "STATE_UNAUTHENTICATED", reason: error.reason, problem: error, link: "ended" });
  }

  #show(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}

/** 128 random bits or more, as the gateway wants them. */
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
