// @ts-check

import { backoff, somewhereIn } from "./socket/backoff.js";
import { Commands } from "./socket/commands.js";
import { RecadoError, Requests } from "./socket/requests.js";
import { Sequence } from "./socket/sequence.js";

export { RecadoError };

/** @typedef {import("./socket/sequence.js").RecadoEvent} RecadoEvent */
/** @typedef {import("./socket/contract.d.ts").Commands} Contract */
/** @typedef {import("./socket/contract.d.ts").Events} Events */
/**
 * An event of the server as it came.
 * @template {keyof Events} E
 * @typedef {{type: E, seq?: number, prev?: number, at?: string, data: Events[E]}} Frame
 */
/**
 * What listeners are handed, by what they listen to: the server's events, and our own.
 * @typedef {{[E in Exclude<keyof Events, "connected" | "session:expired">]: Frame<E>} & {
 *   connected: Events["connected"],
 *   state: ConnectionState,
 *   batch: RecadoEvent[],
 *   resync: {seq: number},
 *   "session:expired": {code: number, reason: string},
 *   "*": RecadoEvent,
 *   sent: {type: string, requestId: string, data: object},
 *   received: {type: string} & Record<string, any>,
 * }} Heard
 */
/** @typedef {"connecting" | "live" | "catching-up" | "polling" | "offline" | "closed"} ConnectionState */
/**
 * @typedef {object} Options
 * @property {string} [url] of the socket; `/ws/` of this site unless given
 * @property {string | (() => string | Promise<string>)} [token] a JWT; without it the session cookie proves who connects
 * @property {boolean} [html] receive `board:fragments` as well
 * @property {string} [language] of texts and fragments
 * @property {number | null} [seq] the newest event the page already shows; what came after it is fetched on connect
 * @property {string} [eventsUrl] asked every 30 s while no socket can be had; `/api/events` unless given, "" for never
 * @property {number} [timeoutMs] until a request without reply fails
 */

const OPEN = 1;
const NO_PROOF = 4401;
const FORBIDDEN = 4403;
const TOO_MANY = 4429;
const RESTARTING = 1012;
const POLL_MS = 30_000;
const RESTART_SPREAD_MS = 4_800; // 200 ms later at the earliest
const RENEW_EARLY_MS = 30_000;
const SOONEST_RENEWAL_MS = 5_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const ATTEMPTS_BEFORE_POLLING = 2;
const HEARTBEAT_MS = 25_000;

/**
 * A connection to Recado that keeps itself up, and hands on every event once and in order, whatever happens to the wire.
 *
 * Events: those of docs/protocol.md by their names, `*` for all of them, and our own: `state` (ConnectionState),
 * `batch` (events that came together, as an array), `resync` (too much was missed: load everything anew).
 * docs/javascript-client.md shows how it is used.
 */
export class RecadoSocket extends Commands {
  /** @type {ConnectionState} */
  state = "closed";

  /** @type {Map<string, Set<(detail: any) => void>>} */
  #listeners = new Map();
  /** Conversations to join again after a reconnect. @type {Set<string>} */
  #joined = new Set();
  /** @type {WebSocket | null} */
  #wire = null;
  #requests = new Requests();
  #attempt = 0;
  #wanted = false;
  /** @type {any} */
  #retry = 0;
  /** @type {any} */
  #poll = 0;
  /** @type {any} */
  #heartbeat = 0;
  /** @type {any} */
  #renewal = 0;
  /** Why the server ended the session. */
  #ending = "";

  /** @param {Options} [options] */
  constructor(options = {}) {
    super();
    this.options = { url: "/ws/", eventsUrl: "/api/events", timeoutMs: 10_000, ...options };
    this.sequence = new Sequence(options.seq ?? null);
    this.#comeBackWhenPossible();
  }

  /** The newest event seen, or null. */
  get seq() {
    return this.sequence.seen;
  }

  /** Start, and stay connected until `disconnect()`. */
  connect() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#become("connecting");
    void this.#open();
  }

  /** Stop, for good or until `connect()`. */
  disconnect() {
    this.#wanted = false;
    clearTimeout(this.#retry);
    this.#stopPolling();
    this.#wire?.close(1000);
    this.#become("closed");
  }

  /**
   * Hear of an event. Returns a function that stops it.
   * @template {keyof Heard} T
   * @param {T} type
   * @param {(detail: Heard[T]) => void} listener
   */
  on(type, listener) {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => this.off(type, listener);
  }

  /**
   * @template {keyof Heard} T
   * @param {T} type
   * @param {(detail: Heard[T]) => void} listener
   */
  off(type, listener) {
    this.#listeners.get(type)?.delete(listener);
  }

  /**
   * Ask for something. Resolves with the reply's data; rejects with a RecadoError. Each command has a method as well.
   * @override
   * @template {keyof Contract} C
   * @param {C} command
   * @param {import("./socket/commands.js").Arguments<C>} data
   * @returns {Promise<Contract[C]["reply"]>}
   */
  send(command, ...data) {
    return this.ask(command, data[0]);
  }

  /**
   * `send` for commands whose name is known only when it runs.
   * @param {string} command
   * @param {object} [data]
   * @returns {Promise<any>}
   */
  ask(command, data = {}) {
    if (this.#wire?.readyState !== OPEN) return Promise.reject(new RecadoError({ code: "disconnected" }));
    const { id, reply } = this.#requests.open(this.options.timeoutMs);
    const frame = { type: command, requestId: id, data };
    this.#wire.send(JSON.stringify(frame));
    this.#tell("sent", frame);
    return reply;
  }

  /** Hear the details of a conversation, also after reconnects. @param {string} conversationId */
  async join(conversationId) {
    this.#joined.add(conversationId);
    if (this.#wire?.readyState === OPEN) await this.#enter(conversationId);
  }

  /** @param {string} conversationId */
  async leave(conversationId) {
    this.#joined.delete(conversationId);
    if (this.#wire?.readyState === OPEN) await this.conversationLeave({ conversationId });
  }

  /** @param {string} conversationId */
  #enter(conversationId) {
    const wanted = () => this.#joined.has(conversationId);
    return this.#insist(() => this.conversationJoin({ conversationId }), wanted);
  }

  /**
   * Ask again, when told to wait, as long as it is wanted: other tabs may have used up what their person may ask.
   * @template T
   * @param {() => Promise<T>} ask
   * @param {() => boolean} [wanted]
   * @returns {Promise<T>}
   */
  async #insist(ask, wanted = () => true) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RecadoError && error.retryAfterMs)) throw error;
      await after(error.retryAfterMs);
      if (!wanted()) throw error;
      return this.#insist(ask, wanted);
    }
  }

  // The wire

  async #open() {
    clearTimeout(this.#retry);
    if (!this.#wanted || this.#wire) return;
    const token = await this.#token();
    if (!this.#wanted || this.#wire) return;
    const wire = new WebSocket(this.#address(), token ? ["recado.v1", `bearer.${token}`] : ["recado.v1"]);
    this.#wire = wire;
    wire.onmessage = (message) => this.#hear(JSON.parse(message.data));
    wire.onclose = (close) => this.#lost(close.code);
  }

  async #token() {
    const { token } = this.options;
    return typeof token === "function" ? token() : token;
  }

  #address() {
    const address = new URL(this.options.url, globalThis.location?.href);
    address.protocol = address.protocol.replace("http", "ws");
    if (this.options.html) address.searchParams.set("html", "1");
    if (this.options.language) address.searchParams.set("language", this.options.language);
    return address;
  }

  /** @param {number} code */
  #lost(code) {
    this.#wire = null;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#renewal);
    this.#requests.abandon();
    if (!this.#wanted) return;
    if (code === FORBIDDEN || (code === NO_PROOF && !this.#hasNextToken())) {
      this.disconnect();
      this.#tell("session:expired", { code, reason: this.#ending });
      return;
    }
    this.#tryAgain(code);
  }

  /** Whether another token may do better than the one that ran out: a refused one is not tried again. */
  #hasNextToken() {
    return this.#ending === "expired" && typeof this.options.token === "function";
  }

  /** @param {number} code */
  #tryAgain(code) {
    const attempt = code === TOO_MANY ? 6 : this.#attempt++;
    const delay = code === RESTARTING ? somewhereIn(RESTART_SPREAD_MS) : backoff(attempt);
    this.#retry = setTimeout(() => this.#open(), delay);
    if (!isOnline()) this.#become("offline");
    else if (attempt >= ATTEMPTS_BEFORE_POLLING) this.#startPolling();
    else this.#become("connecting");
  }

  #comeBackWhenPossible() {
    const atOnce = () => {
      this.#attempt = 0;
      if (this.#wanted && !this.#wire) void this.#open();
    };
    globalThis.addEventListener?.("online", () => {
      if (this.#wire) this.#giveUp(this.#wire); // who knows whether it still leads anywhere
      atOnce();
    });
    globalThis.addEventListener?.("offline", () => this.#wanted && this.#become("offline"));
    globalThis.document?.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "visible") return;
      atOnce();
      this.#beat();
    });
  }

  /** A wire may be dead without saying so: no reply to a ping closes it. */
  #beat() {
    const wire = this.#wire;
    if (wire?.readyState !== OPEN) return;
    this.send("ping").catch((error) => {
      if (error.code === "timeout" && this.#wire === wire) this.#giveUp(wire);
    });
  }

  /** @param {WebSocket} wire */
  #giveUp(wire) {
    wire.onclose = wire.onmessage = null;
    wire.close();
    this.#lost(1006);
  }

  // What comes in

  /** @param {any} frame */
  #hear(frame) {
    const events = Array.isArray(frame) ? frame : [frame];
    /** @type {RecadoEvent[]} */
    const news = [];
    for (const event of events) {
      this.#tell("received", event);
      if (event.type === "reply") this.#requests.answer(event);
      else if (event.type === "connected") this.#connected(event.data);
      else if (event.type === "session:expired") this.#ending = event.data.reason;
      else news.push(event);
    }
    this.#take(this.sequence.take(news));
  }

  /** @param {{seq: number, heartbeat?: number, expiresAt?: string | null}} data */
  #connected(data) {
    this.#attempt = 0;
    this.#ending = "";
    this.#renewBefore(data.expiresAt);
    this.#stopPolling();
    this.#heartbeat = setInterval(() => this.#beat(), (data.heartbeat ?? 0) * 1000 || HEARTBEAT_MS);
    for (const conversationId of this.#joined) this.#enter(conversationId).catch(() => {});
    this.#tell("connected", data);
    if (this.sequence.seen === null) this.sequence.seen = data.seq;
    if (this.sequence.seen === data.seq) this.#goOn(); // polling may have fetched what an earlier wire was asked for
    else void this.#catchUp();
  }

  /** Shows the next token shortly before the socket would end with this one. @param {string | null} [expiresAt] */
  #renewBefore(expiresAt) {
    clearTimeout(this.#renewal);
    if (!expiresAt || typeof this.options.token !== "function") return;
    const early = Date.parse(expiresAt) - Date.now() - RENEW_EARLY_MS;
    this.#renewal = setTimeout(() => this.#renew(), Math.min(Math.max(SOONEST_RENEWAL_MS, early), LONGEST_TIMER_MS));
  }

  async #renew() {
    try {
      const session = await this.auth({ token: (await this.#token()) ?? "" });
      this.#renewBefore(session.expiresAt);
    } catch {
      // the socket ends with its token then, and the next one is asked for on the way back
    }
  }

  /** @param {{events: RecadoEvent[], hole: boolean}} found */
  #take({ events, hole }) {
    this.#handOn(events);
    if (hole) void this.#catchUp();
  }

  async #catchUp() {
    const wire = this.#wire;
    this.sequence.pause();
    this.#become("catching-up");
    try {
      await this.#fetchMissed((seq) => this.#insist(() => this.send("events:since", { seq })));
    } catch {
      if (!wire || this.#wire !== wire) return; // the next one begins anew
      this.#attempt = ATTEMPTS_BEFORE_POLLING; // not again at once
      this.#giveUp(wire);
      return;
    }
    if (this.#wire === wire) this.#goOn();
  }

  /** Nothing is missing any more. */
  #goOn() {
    this.#become("live");
    this.#take(this.sequence.resume());
  }

  /** @param {(seq: number) => Promise<any>} ask */
  async #fetchMissed(ask) {
    for (let more = true; more; ) {
      const page = await ask(this.sequence.seen ?? 0);
      if (page.resync) {
        this.sequence.seen = page.seq; // of a log that was restored it is less than before
        this.#tell("resync", { seq: page.seq });
        return;
      }
      this.#handOn(this.sequence.fetched(page.events, page.seq));
      more = page.more;
    }
  }

  /** @param {RecadoEvent[]} events */
  #handOn(events) {
    for (const event of events) {
      this.#tell(event.type, event);
      this.#tell("*", event);
    }
    if (events.length) this.#tell("batch", events);
  }

  // Without a socket

  #startPolling() {
    if (this.#poll || !this.options.eventsUrl) return;
    this.#become("polling");
    this.#poll = setInterval(() => this.#askOnce(), POLL_MS);
    void this.#askOnce();
  }

  #stopPolling() {
    clearInterval(this.#poll);
    this.#poll = 0;
  }

  async #askOnce() {
    try {
      await this.#fetchMissed((seq) => this.#get(seq));
      if (this.#poll) this.#become("polling");
    } catch (error) {
      if (error instanceof RecadoError && error.code === "unauthenticated") this.#lost(NO_PROOF);
      else if (this.#poll) this.#become("offline");
    }
  }

  /** @param {number} seq */
  async #get(seq) {
    const address = new URL(this.options.eventsUrl, globalThis.location?.href);
    address.searchParams.set("after", String(seq));
    const token = await this.#token();
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
    const response = await fetch(address, { headers });
    if (response.status === 401 || response.status === 403) throw new RecadoError({ code: "unauthenticated" });
    if (!response.ok) throw new RecadoError({ code: "internal" });
    return response.json();
  }

  // Listeners

  /** @param {ConnectionState} state */
  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.#tell("state", state);
  }

  /** One listener's mistake keeps nothing from the others. @param {string} type @param {any} detail */
  #tell(type, detail) {
    for (const listener of this.#listeners.get(type) ?? []) {
      try {
        listener(detail);
      } catch (error) {
        globalThis.reportError?.(error);
      }
    }
  }
}

/** @param {number} ms */
function after(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What the browser knows; elsewhere, yes. */
function isOnline() {
  return globalThis.navigator?.onLine ?? true;
}
