// @ts-check
/** Where agents write: grows, keeps its draft, knows the window, and shows the bubble before the server has it. */

import { copyOf, word } from "../page.js";
import { showTimes, span } from "../times.js";
import { need } from "../updates.js";
import { drawRing, leftOf } from "../windows.js";
import { reasonOf } from "../toast.js";
import { dispatch, waitingIn } from "./outbox.js";

/** @typedef {import("./outbox.js").Letter} Letter */

const LONGEST = 4096;
const SURE_MS = 1_500;
const canGrow = CSS.supports("field-sizing", "content");

export class Composer {
  /** @param {HTMLElement} conversation @param {import("./thread.js").Thread} thread */
  constructor(conversation, thread) {
    this.id = conversation.dataset.conversation ?? "";
    this.conversation = conversation;
    this.thread = thread;
    this.form = /** @type {HTMLFormElement} */ (conversation.querySelector("[data-composer]"));
    this.field = /** @type {HTMLTextAreaElement} */ (this.form.querySelector("textarea"));
    this.error = /** @type {HTMLElement} */ (this.form.querySelector("[data-composer-error]"));
    this.field.value ||= localStorage.getItem(this.#draft) ?? "";
    this.field.oninput = () => this.#changed();
    this.field.onkeydown = (event) => this.#onKey(event);
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    for (const letter of waitingIn(this.id)) this.#show(letter);
    this.#grow();
    this.showWindow();
    this.clock = setInterval(() => this.showWindow(), 20_000);
  }

  get #draft() {
    return `recado:draft:${this.id}`;
  }

  focus() {
    if (!matchMedia("(pointer: coarse)").matches && !this.form.hasAttribute("data-closed")) this.field.focus();
  }

  stop() {
    clearInterval(this.clock);
  }

  /** Open or shut, as the header says. */
  showWindow() {
    const header = /** @type {HTMLElement | null} */ (this.conversation.querySelector(".conversation-head"));
    const ring = /** @type {HTMLElement} */ (this.form.querySelector("[data-window]"));
    const left = leftOf(header?.dataset.expires);
    ring.dataset.expires = header?.dataset.expires ?? "";
    drawRing(ring);
    this.form.toggleAttribute("data-closed", left <= 0);
    /** @type {HTMLElement} */ (this.form.querySelector("[data-window-words]")).textContent = left > 0 ? word("window-left", { time: span(left) }) : "";
  }

  /** The server refused a letter: the words come back into the field. @param {Letter} letter @param {unknown} error */
  refuse(letter, error) {
    document.getElementById(`message-${letter.clientId}`)?.remove();
    this.field.value = [letter.content, this.field.value].filter(Boolean).join("\n");
    this.#changed();
    this.#complain(reasonOf(error));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "Escape") this.field.blur();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  #submit() {
    const content = this.field.value.trim();
    if (!content) return;
    if (content.length > LONGEST) {
      this.#complain(word("too-long", { count: content.length - LONGEST }));
      return;
    }
    this.field.value = "";
    this.#changed();
    const letter = { conversationId: this.id, clientId: newId(), content };
    this.#show(letter);
    void this.#send(letter);
    this.field.focus();
  }

  /** @param {Letter} letter */
  async #send(letter) {
    try {
      const message = await dispatch(letter);
      // its fragment comes with the event; where no event gets through, it is fetched
      if (message) setTimeout(() => isOptimistic(letter) && need("message", message.id), SURE_MS);
    } catch (error) {
      this.refuse(letter, error);
    }
  }

  /** @param {Letter} letter */
  #show(letter) {
    const bubble = copyOf("new-bubble");
    bubble.id = `message-${letter.clientId}`;
    /** @type {HTMLElement} */ (bubble.querySelector("[data-text]")).textContent = letter.content;
    /** @type {HTMLTimeElement} */ (bubble.querySelector("time")).dateTime = new Date().toISOString();
    showTimes(bubble);
    this.thread.append(bubble);
  }

  #changed() {
    if (this.field.value) localStorage.setItem(this.#draft, this.field.value);
    else localStorage.removeItem(this.#draft);
    this.#complain("");
    this.#grow();
  }

  #grow() {
    if (canGrow) return;
    this.field.style.setProperty("height", "auto");
    this.field.style.setProperty("height", `${this.field.scrollHeight}px`);
  }

  /** @param {string} text */
  #complain(text) {
    this.error.textContent = text;
    this.error.hidden = !text;
    this.field.setAttribute("aria-invalid", String(Boolean(text)));
  }
}

/** @param {Letter} letter */
function isOptimistic(letter) {
  return document.getElementById(`message-${letter.clientId}`)?.hasAttribute("data-optimistic");
}

/** crypto.randomUUID exists on https and localhost only. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
