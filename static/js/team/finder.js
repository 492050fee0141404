// @ts-check
/** One field finds people, groups and messages; empty, it offers whom one talked to lately. */

import { piece, use } from "../server.js";
import { showTimes } from "../times.js";
import { complain } from "../toast.js";

const SOON_MS = 150;

export class Finder {
  #abort = new AbortController();
  /** @type {any} */
  #timer = 0;

  /** @param {HTMLElement} root @param {{onChat: (id: string, messageId?: string) => Promise<void>}} hooks */
  constructor(root, { onChat }) {
    this.onChat = onChat;
    this.field = /** @type {HTMLInputElement} */ (root.querySelector("[data-team-search]"));
    this.found = /** @type {HTMLElement} */ (root.querySelector("[data-found]"));
    this.list = /** @type {HTMLElement} */ (root.querySelector("[data-chats]"));
    this.end = /** @type {HTMLElement} */ (root.querySelector("[data-end-search]"));
    this.end.onclick = () => this.close();
    this.field.onfocus = () => this.#soon(0);
    this.field.oninput = () => this.#soon(SOON_MS);
    this.field.onkeydown = (event) => this.#onKey(event);
    this.found.onkeydown = (event) => this.#onKey(event);
    this.found.onclick = (event) => this.#choose(event);
    root.addEventListener("focusin", (event) => {
      const side = this.field.closest(".team-side");
      if (!this.field.value && !side?.contains(/** @type {Node} */ (event.target))) this.close();
    });
  }

  close() {
    clearTimeout(this.#timer);
    this.#abort.abort();
    this.field.value = "";
    this.found.hidden = this.end.hidden = true;
    this.list.hidden = false;
  }

  /** @param {number} ms */
  #soon(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), ms);
  }

  async #search() {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const url = new URL(this.field.dataset.url ?? "", location.href);
    url.searchParams.set("q", this.field.value);
    try {
      const html = await piece(url, "found", signal);
      if (signal.aborted) return;
      this.found.innerHTML = html;
      showTimes(this.found);
      this.found.hidden = this.end.hidden = false;
      this.list.hidden = true;
    } catch (error) {
      if (!signal.aborted) complain(error);
    }
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "Escape") {
      this.close();
      this.field.blur();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = /** @type {HTMLElement[]} */ ([this.field, ...this.found.querySelectorAll(".found-item")]);
    stops[stops.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step]?.focus();
  }

  /** @param {MouseEvent} event */
  #choose(event) {
    const item = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest(".found-item"));
    if (!item || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#go(item).catch(complain);
  }

  /** @param {HTMLElement} item */
  async #go({ dataset }) {
    const id = dataset.openChat ?? (await this.#begin(dataset));
    this.close();
    await this.onChat(id, dataset.jumpTo);
  }

  /** @param {DOMStringMap} dataset @returns {Promise<string>} */
  async #begin({ direct = "", join = "" }) {
    if (direct) return (await use("direct:create", { userId: direct }, "POST", "/api/directs")).id;
    return (await use("group:join", { conversationId: join }, "POST", `/api/groups/${join}/join`)).id;
  }
}
