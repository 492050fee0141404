// @ts-check
/** The conversation beside the board: opened without leaving it, at an address of its own, closed by Back. */

import { byId, copyOf, elementOf } from "../page.js";
import { RecadoError } from "../recado-socket.js";
import { ask, piece, socket } from "../server.js";
import { entitle, title } from "../title.js";
import { placedBy, watch } from "../updates.js";
import { Composer } from "./composer.js";
import { keepSending } from "./outbox.js";
import { Thread } from "./thread.js";

/** @typedef {import("../updates.js").Fragment} Fragment */

const BONES_MS = 200;
const ADDRESS = /\/conversations\/([0-9a-f-]{36})\/$/;

export class Panel {
  id = "";
  /** @type {Thread | null} */
  thread = null;
  /** @type {Composer | null} */
  composer = null;
  /** Bubbles that came before the thread did. @type {Fragment[]} */
  #early = [];
  #abort = new AbortController();

  /** @param {{onOpen?: (id: string) => void, onClose?: (id: string) => void}} [hooks] */
  constructor({ onOpen = () => {}, onClose = () => {} } = {}) {
    this.element = byId("panel");
    this.content = /** @type {HTMLElement} */ (this.element.querySelector("[data-panel-content]") ?? this.element);
    this.onOpen = onOpen;
    this.onClose = onClose;
    this.boardTitle = title();
    placedBy("message", (fragment, force) => this.#placeMessage(fragment, force));
    placedBy("header", (fragment, force) => this.#placeHeader(fragment, force));
    keepSending((letter, error) => letter.conversationId === this.id && this.composer?.refuse(letter, error));
    addEventListener("popstate", () => this.#follow());
    document.addEventListener("visibilitychange", () => this.#markRead());
    this.element.addEventListener("click", (event) => this.#onClick(event));
    const found = ADDRESS.exec(location.pathname);
    if (!found || this.element.hidden) return;
    this.#wake(found[1]);
    this.composer?.focus();
  }

  /** Show the conversation at an address, which becomes the page's. @param {string} address */
  open(address) {
    const href = overView(address);
    if (href === location.href && this.id) return this.composer?.focus();
    // a second conversation takes the place of the first: Back leads to the board
    if (this.id) history.replaceState(history.state, "", href);
    else history.pushState({ overBoard: true }, "", href);
    return this.#show(href);
  }

  /** Go back to the board, however the conversation was reached. */
  close() {
    if (history.state?.overBoard) history.back();
    else {
      history.pushState({}, "", document.querySelector("[data-home]")?.getAttribute("data-home") ?? "/");
      this.#hide();
    }
  }

  #follow() {
    if (ADDRESS.test(location.pathname)) void this.#show(location.href);
    else this.#hide();
  }

  /** @param {string} href */
  async #show(href) {
    const id = ADDRESS.exec(new URL(href).pathname)?.[1] ?? "";
    this.#leave();
    this.id = id;
    watch(id); // what happens from now on is missed by the page that is being fetched
    this.element.hidden = false;
    this.onOpen(id);
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const bones = setTimeout(() => this.content.replaceChildren(copyOf("panel-loading")), BONES_MS);
    try {
      const html = await piece(href, "panel", signal);
      if (signal.aborted) return;
      this.content.replaceChildren(elementOf(html));
      this.#wake(id);
      this.composer?.focus();
    } catch (error) {
      if (!signal.aborted) this.#failed(error, href);
    } finally {
      clearTimeout(bones);
    }
  }

  /** @param {string} id */
  #wake(id) {
    const conversation = /** @type {HTMLElement} */ (this.content.querySelector("[data-conversation]"));
    this.id = id;
    watch(id);
    this.thread = new Thread(conversation);
    this.composer = new Composer(conversation, this.thread);
    entitle(`${conversation.dataset.title} · Recado`);
    for (const fragment of this.#early.splice(0)) this.#placeMessage(fragment, false);
    socket.join(id).catch(() => {});
    this.onOpen(id);
    this.#markRead();
  }

  #leave() {
    this.#abort.abort();
    this.thread?.stop();
    this.composer?.stop();
    this.thread = this.composer = null;
    this.#early = [];
    if (this.id) socket.leave(this.id).catch(() => {});
  }

  #hide() {
    const { id } = this;
    this.#leave();
    this.id = "";
    watch("");
    this.element.hidden = true;
    this.content.replaceChildren();
    entitle(this.boardTitle);
    this.onClose(id);
  }

  /** @param {unknown} error @param {string} href */
  #failed(error, href) {
    if (error instanceof RecadoError && error.code === "not_found") {
      location.assign(href); // the page that helps
      return;
    }
    const failed = copyOf("panel-failed");
    this.content.replaceChildren(failed);
    /** @type {HTMLElement} */ (failed.querySelector("[data-open-again]")).onclick = () => this.#show(href);
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const close = /** @type {HTMLElement} */ (event.target).closest("[data-close-panel]");
    if (!close || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.close();
  }

  /** @param {Fragment} fragment @param {boolean} force */
  #placeMessage(fragment, force) {
    if (fragment.conversationId !== this.id) return;
    if (!this.thread) {
      this.#early.push(fragment);
      return;
    }
    this.thread.place(fragment, force);
    this.#markRead();
  }

  /** @param {Fragment} fragment @param {boolean} force */
  #placeHeader(fragment, force) {
    const old = document.getElementById(fragment.target);
    if (!old || !this.content.contains(old) || (!force && Number(old.dataset.version) >= fragment.version)) return;
    const focused = old.contains(document.activeElement) && document.activeElement?.matches("[data-assign-menu]");
    const header = elementOf(fragment.html);
    old.replaceWith(header);
    if (focused) /** @type {HTMLElement | null} */ (header.querySelector("[data-assign-menu]"))?.focus();
    this.composer?.showWindow();
    this.#markRead();
  }

  /** Somebody looks at it. */
  #markRead() {
    const header = /** @type {HTMLElement | null} */ (document.getElementById(`header-${this.id}`));
    if (!header || document.hidden || !Number(header.dataset.unread)) return;
    header.dataset.unread = "0";
    ask("message:read", { conversationId: this.id }, `/conversations/${this.id}/read/`, {}).catch(() => {});
  }
}

/** Over the board as it is filtered: a reload and the way back from the sign-in keep that. @param {string} address */
function overView(address) {
  const url = new URL(address);
  const { view } = /** @type {HTMLElement | null} */ (document.querySelector("#board"))?.dataset ?? {};
  if (view && view !== "all") url.searchParams.set("view", view);
  return url.href;
}
