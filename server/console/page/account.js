// The account box: the signed-in user, the token's expiry, and the forms to sign in and out.

import { byId, el } from "/console/dom.js";
import { post } from "/console/gateway.js";
import { load, save } from "/console/storage.js";

const USER = "convexgateway.user"; // in sessionStorage: the user to sign in again after a reload, if signed in by name

const USERS = ["ada", "grace", "alan"];

export class Account {
  #session;
  #byName; // whether users are signed in by name, without a token
  #lifetime = 0; // ms, from the token's arrival to its expiry
  #expiresAt = 0;

  constructor(session, settings) {
    this.#session = session;
    this.#byName = settings.users;
    byId("by-name").hidden = !this.#byName;
    byId("by-token").hidden = this.#byName;
    byId("users").append(...USERS.map((user) => el("button", { type: "button", class: "chip", onclick: () => this.#signInAs(user) }, user)));
    byId("by-name").addEventListener("submit", (event) => this.#submit(event, () => this.#signInAs(byId("user").value)));
    byId("by-token").addEventListener("submit", (event) => this.#submit(event, () => this.#signInWithToken()));
    byId("sign-out").addEventListener("click", () => this.#signOut());
    session.addEventListener("change", () => this.#show());
    setInterval(() => this.#countDown(), 1_000);
  }

  start() {
    this.#session.start();
    const user = load("sessionStorage", USER);
    if (this.#byName && typeof user === "string") this.#signInAs(user);
  }

  #submit(event, act) {
    event.preventDefault();
    act();
  }

  async #signInAs(user) {
    await this.#attempt(async () => {
      await this.#session.signInWith(async () => (await post("/console/token", JSON.stringify({ user }))).answer.token);
      save("sessionStorage", USER, user);
    });
  }

  async #signInWithToken() {
    const token = byId("token").value.trim().replace(/^Bearer /i, "");
    byId("token").value = "";
    if (!token) return this.#showProblem("Paste a token first.");
    if (/[^!-~]/.test(token)) return this.#showProblem("A token has neither spaces nor line ends.");
    await this.#attempt(() => this.#session.signIn(token));
  }

  async #signOut() {
    save("sessionStorage", USER, undefined);
    await this.#attempt(() => this.#session.signOut());
  }

  async #attempt(act) {
    this.#showProblem("");
    try {
      await act();
    } catch (error) {
      this.#showProblem(error.message || String(error));
    }
  }

  #showProblem(text) {
    byId("account-problem").textContent = text;
    byId("account-problem").hidden = text === "";
  }

  #show() {
    const { state } = this.#session;
    const expiresAt = state.expiresAt ? Date.parse(state.expiresAt) : 0;
    if (expiresAt !== this.#expiresAt) this.#lifetime = expiresAt - Date.now();
    this.#expiresAt = expiresAt;
    const phase = phaseOf(this.#session);
    document.body.dataset.auth = phase;
    document.body.dataset.link = state.link;
    byId("link").textContent = { open: "Connected", lost: "Reconnecting", connecting: "Connecting", ended: "Connected" }[state.link];
    byId("account-state").textContent = SENTENCES[phase](state);
    byId("facts").replaceChildren(...facts(state));
    byId("sign-out").hidden = !this.#session.signedIn;
    byId("sign-out").textContent = phase === "refused" ? "Go on as anonymous" : "Sign out";
    this.#countDown();
  }

  /** Writes what changes with time. */
  #countDown() {
    const { state } = this.#session;
    const phase = phaseOf(this.#session);
    const left = Math.max(0, this.#expiresAt - Date.now());
    const who = state.identity?.subject ?? "";
    const expires = this.#expiresAt > 0;
    byId("account-who").textContent = LABELS[phase](who, state);
    byId("account-left").textContent = phase === "signed-in" ? countdown(left) : "";
    byId("expiry").hidden = !expires;
    byId("expiry-left").textContent = expires ? countdown(left) : "";
    byId("expiry-bar").style.setProperty("--left", expires && this.#lifetime > 0 ? Math.min(1, left / this.#lifetime) : 0);
    byId("expiry-note").textContent = this.#byName ? "A new token is fetched before that." : expiryNote(state);
  }
}

function phaseOf({ state, signedIn }) {
  if (!signedIn) return "anonymous";
  if (state.state === "STATE_AUTHENTICATED") return state.refreshing ? "waiting" : "signed-in";
  return state.state === "STATE_LOADING" ? "loading" : "refused";
}

const LABELS = {
  anonymous: () => "Anonymous",
  loading: () => "Signing in",
  "signed-in": (who) => who,
  waiting: (who) => `${who} paused`,
  refused: (_, { reason }) => reason || "Refused",
};

const SENTENCES = {
  anonymous: ({ problem }) => (problem ? `You are anonymous, and refused: ${problem.reason || problem.message}.` : "You are anonymous."),
  loading: () => "Your token is being checked.",
  "signed-in": ({ identity }) => `You are ${identity.subject}.`,
  waiting: ({ reason }) => `Results are held back until a newer token comes (${reason}).`,
  refused: ({ reason, problem }) => `Your token is refused: ${reason || problem?.message}. Calls fail until you sign in again, or go on as anonymous.`,
};

function expiryNote({ tokenNeededBy }) {
  if (!tokenNeededBy) return "Paste a newer token of the same session before that to keep streams open.";
  return `A newer token is needed by ${new Date(tokenNeededBy).toTimeString().slice(0, 8)}: paste it here.`;
}

function facts({ identity, identityTag }) {
  if (!identity) return [];
  const rows = [
    ["Session", identity.sessionId], ["Organisation", identity.orgId], ["Role", identity.orgRole],
    ["Acting", identity.actorSubject], ["Issuer", identity.issuer], ["Identity tag", identityTag],
  ];
  return rows.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
}

function countdown(ms) {
  const seconds = Math.ceil(ms / 1000);
  const pad = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}
