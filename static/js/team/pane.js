// @ts-check
/** The open chat: its thread, where one writes, what has been read, what can be done with a message. */

import { Composer } from "../conversation/composer.js";
import { keepSending } from "../conversation/outbox.js";
import { Thread } from "../conversation/thread.js";
import { copyOf, elementOf, me } from "../page.js";
import { RecadoError } from "../recado-socket.js";
import { piece, socket } from "../server.js";
import { complain } from "../toast.js";
import { placedBy, watch } from "../updates.js";
import { openDetails } from "./details.js";
import { Mentions } from "./mentions.js";
import { openMessageMenu } from "./message-menu.js";
import { Reading } from "./reading.js";
import { drawTicks, followTicks } from "./ticks.js";

/** @typedef {import("../updates.js").Fragment} Fragment */

const PART = "chat";
const BONES_MS = 200;

export class Pane {
  id = "";
  /** @type {Thread | null} */
  thread = null;
  /** @type {Composer | null} */
  composer = null;
  /** @type {Reading | null} */
  reading = null;
  /** Bubbles that came before the thread did. @type {Fragment[]} */
  #early = [];
  #abort = new AbortController();

  /** @param {HTMLElement} element @param {() => void} onClose */
  constructor(element, onClose) {
    this.element = element;
    this.onClose = onClose;
    placedBy("message", (fragment, force) => this.#placeMessage(fragment, force));
    placedBy("header", (fragment) => this.#placeHead(fragment));
    keepSending((letter, error) => letter.conversationId === this.id && this.composer?.refuse(letter, error));
    followTicks(() => this.chat);
    socket.on("group:updated", ({ data }) => this.#takeRole(data.conversation));
    element.addEventListener("click", (event) => this.#onClick(event));
    if (this.chat) this.#wake();
  }

  /** @returns {HTMLElement | null} */
  get chat() {
    return this.element.querySelector("[data-conversation]");
  }

  /** Show a chat; resolves when it is there. Rejects when it is not. @param {string} id */
  async open(id) {
    if (id === this.id && this.chat) return this.composer?.focus();
    this.leave();
    this.id = id;
    watch(id, PART); // what happens from now on is missed by the page that is being fetched
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const bones = setTimeout(() => this.element.replaceChildren(copyOf("chat-loading")), BONES_MS);
    try {
      const html = await piece(`/team/${id}/`, "panel", signal);
      if (signal.aborted) return;
      this.element.replaceChildren(elementOf(html));
    } catch (error) {
      // nobody writes into the chat that was open before
      if (!signal.aborted) this.element.replaceChildren(copyOf("chat-failed"));
      throw error;
    } finally {
      clearTimeout(bones);
    }
    this.#wake();
    this.composer?.focus();
  }

  /** Show none. */
  close() {
    this.leave();
    this.element.replaceChildren(copyOf("no-chat"));
  }

  leave() {
    this.#abort.abort();
    this.thread?.stop();
    this.composer?.stop();
    this.reading?.stop();
    this.thread = this.composer = this.reading = null;
    this.#early = [];
    if (this.id) socket.leave(this.id).catch(() => {});
    this.id = "";
    watch("", PART);
  }

  /** @param {string} messageId */
  pointAt(messageId) {
    this.thread?.pointAt(messageId);
  }

  #wake() {
    const chat = /** @type {HTMLElement} */ (this.chat);
    this.id = chat.dataset.conversation ?? "";
    watch(this.id, PART);
    this.thread = new Thread(chat);
    this.composer = new Composer(chat, this.thread);
    this.composer.mentions = new Mentions(chat, this.composer.field);
    for (const fragment of this.#early.splice(0)) this.#placeMessage(fragment, false);
    drawTicks(chat);
    this.reading = new Reading(chat);
    socket.join(this.id).catch(() => {});
  }

  /** @param {Fragment} fragment @param {boolean} force */
  #placeMessage(fragment, force) {
    if (fragment.conversationId !== this.id) return;
    if (!this.thread || !this.chat) {
      this.#early.push(fragment);
      return;
    }
    this.thread.place(fragment, force);
    drawTicks(this.chat);
  }

  /** @param {Fragment} fragment */
  #placeHead(fragment) {
    const old = /** @type {HTMLElement | null} */ (this.element.querySelector(".conversation-head"));
    if (!old || old.id !== fragment.target || Number(old.dataset.version) >= fragment.version) return;
    const hadFocus = old.contains(document.activeElement);
    const head = elementOf(fragment.html);
    old.replaceWith(head);
    if (hadFocus) head.querySelector("button")?.focus();
  }

  /** @param {import("../socket/contract").Conversation} conversation */
  #takeRole(conversation) {
    const own = conversation.participants.find(({ user }) => user.id === me);
    if (own && this.chat && conversation.id === this.id) this.chat.dataset.role = own.role;
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const [menu, details, close] = ["[data-chat-menu]", "[data-details]", "[data-close-chat]"].map((each) => /** @type {HTMLElement | null} */ (target.closest(each)));
    if (menu && this.chat) openMessageMenu(menu, this.chat, (bubble) => this.#reply(bubble));
    else if (details) openDetails(details.dataset.details ?? "").catch(complain);
    else if (close && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.onClose();
    }
  }

  /** @param {HTMLElement} inBubble */
  #reply(inBubble) {
    const bubble = /** @type {HTMLElement | null} */ (inBubble.closest(".message[data-place]:not([data-deleted])"));
    if (bubble) this.composer?.quoting.answer(bubble);
  }
}

/** Whether a chat is not there, or not for whoever asks. @param {unknown} error */
export function isMissing(error) {
  return error instanceof RecadoError && error.code === "not_found";
}
