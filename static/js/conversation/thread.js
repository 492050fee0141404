// @ts-check
/** The thread of the open conversation: bubbles in their order, days, what is new, what was before. */

import { copyOf, elementOf, me, speak, word } from "../page.js";
import { piece, post } from "../server.js";
import { complain } from "../toast.js";
import { letPicturesBeSeen } from "./lightbox.js";
import { offerUndo } from "./undo.js";
import { dayName, dayOf, showTimes } from "../times.js";

/** @typedef {import("../updates.js").Fragment} Fragment */

const NEAR_PX = 80;
const LAST = "~"; // sorts after every order: what was not numbered yet is newest

/** @param {string} id */
const selectorOf = (id) => `[data-conversation="${id}"]`;

export class Thread {
  /** @param {HTMLElement} conversation */
  constructor(conversation) {
    this.id = conversation.dataset.conversation ?? "";
    this.scroller = /** @type {HTMLElement} */ (conversation.querySelector("[data-thread]"));
    this.list = /** @type {HTMLElement} */ (conversation.querySelector("[data-messages]"));
    this.toNewest = /** @type {HTMLElement} */ (conversation.querySelector("[data-to-newest]"));
    this.toNewest.onclick = () => this.#scrollToNewest("smooth");
    this.scroller.onscroll = () => this.isAtNewest && (this.toNewest.hidden = true);
    this.list.onclick = (event) => this.#onClick(event);
    letPicturesBeSeen(this.list);
    this.watcher = new IntersectionObserver(([entry]) => entry.isIntersecting && void this.#loadOlder(/** @type {HTMLElement} */ (entry.target)), { root: this.scroller, rootMargin: "400px 0px" });
    this.#arrange();
    this.#begin();
    this.scroller.setAttribute("data-arranged", "");
  }

  /** Whether the newest message is in sight. */
  get isAtNewest() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR_PX;
  }

  /** The newest message that has a number. */
  get newest() {
    return this.#bubbles().at(-1) ?? null;
  }

  /** A bubble of our own, at once. @param {HTMLElement} bubble */
  append(bubble) {
    this.list.append(bubble);
    this.#arrange();
    this.#scrollToNewest("instant");
  }

  /** Put a bubble where it was said; an older version of it changes nothing. @param {Fragment} fragment */
  place(fragment, force = false) {
    const old = document.getElementById(fragment.target);
    if (old && !force && Number(old.dataset.version) >= fragment.version) return;
    const bubble = elementOf(fragment.html);
    takeSide(bubble);
    const [stay, isNews] = [this.isAtNewest, !old];
    const next = this.#bubbles().find((other) => other !== old && (other.dataset.order ?? LAST) > (bubble.dataset.order ?? ""));
    old?.remove();
    this.list.insertBefore(bubble, next ?? null);
    offerUndo(bubble);
    this.#arrange();
    if (stay) this.#scrollToNewest("instant");
    if (isNews && bubble.dataset.side === "in") this.#isNew(bubble, stay);
  }

  stop() {
    this.watcher.disconnect();
    this.sizes?.disconnect();
  }

  #begin() {
    const line = this.list.querySelector("[data-unread-line]");
    if (line) line.scrollIntoView({ block: "center" });
    else this.#scrollToNewest("instant");
    this.#watchOlder();
    this.#stuck = !line;
    // pictures take their place later, and what stands below grows
    this.list.addEventListener("load", () => this.#stuck && this.#scrollToNewest("instant"), { capture: true });
    this.sizes = new ResizeObserver(() => this.#stuck && this.#scrollToNewest("instant"));
    this.sizes.observe(this.scroller);
    this.scroller.addEventListener("scroll", () => (this.#stuck = this.isAtNewest), { passive: true });
  }

  #stuck = true;

  /** @param {HTMLElement} bubble @param {boolean} inSight */
  #isNew(bubble, inSight) {
    if (!inSight) this.toNewest.hidden = false;
    if (document.hidden && !this.list.querySelector("[data-unread-line]")) bubble.before(copyOf("unread-line"));
    const text = bubble.querySelector(".words")?.textContent ?? "";
    const title = document.querySelector(selectorOf(this.id))?.getAttribute("data-title") ?? "";
    const name = (bubble.dataset.place && bubble.querySelector(".bubble-author")?.textContent) || title;
    speak(word("wrote", { name, text }));
  }

  /** @returns {HTMLElement[]} */
  #bubbles() {
    return [...this.list.querySelectorAll(":scope > .message")].map((bubble) => /** @type {HTMLElement} */ (bubble));
  }

  /** Times in this zone, and a line where a day begins. */
  #arrange() {
    showTimes(this.list);
    this.scroller.querySelector(".thread-empty")?.toggleAttribute("hidden", this.#bubbles().length > 0);
    for (const line of this.list.querySelectorAll("[data-day]")) line.remove();
    let day = 0;
    for (const bubble of this.#bubbles()) {
      takeSide(bubble);
      bubble.toggleAttribute("data-follows", isSameSpeaker(bubble.previousElementSibling, bubble));
      const time = /** @type {HTMLTimeElement | null} */ (bubble.querySelector("time[data-show=clock]"));
      const at = time?.dateTime ? new Date(time.dateTime) : new Date();
      if (dayOf(at) === day) continue;
      day = dayOf(at);
      const first = bubble.previousElementSibling?.matches("[data-unread-line]") ? bubble.previousElementSibling : bubble;
      first.before(dayLine(at));
      bubble.removeAttribute("data-follows");
    }
  }

  /** @param {ScrollBehavior} behavior */
  #scrollToNewest(behavior) {
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior });
    this.toNewest.hidden = true;
  }

  #watchOlder() {
    const older = this.list.querySelector("[data-older]");
    if (older) this.watcher.observe(older);
  }

  /** Earlier messages come in above without moving those in sight. @param {HTMLElement} older */
  async #loadOlder(older) {
    this.watcher.unobserve(older);
    try {
      const template = document.createElement("template");
      template.innerHTML = await piece(older.dataset.older ?? "", "messages");
      const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
      older.replaceWith(template.content);
      this.#arrange();
      this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
      this.#watchOlder();
    } catch (error) {
      complain(error);
    }
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const retry = /** @type {HTMLButtonElement | null} */ (target.closest("[data-retry]"));
    const jump = /** @type {HTMLElement | null} */ (target.closest("[data-jump]"));
    const older = /** @type {HTMLElement | null} */ (target.closest("[data-older]"));
    if (!retry && !jump && !older) return;
    event.preventDefault();
    if (retry) void this.#retry(retry);
    else if (older) void this.#loadOlder(older);
    else if (jump) this.pointAt(jump.dataset.jump ?? "");
  }

  /** @param {HTMLButtonElement} button */
  async #retry(button) {
    button.disabled = true;
    await post(button.formAction).catch(complain);
    button.disabled = false;
  }

  /** Bring a message into sight, if it is here. @param {string} id */
  pointAt(id) {
    const bubble = this.list.querySelector(`[data-id="${id}"]`);
    bubble?.scrollIntoView({ block: "center", behavior: "smooth" });
    bubble?.setAttribute("data-pointed", "");
    setTimeout(() => bubble?.removeAttribute("data-pointed"), 1300);
  }
}

/** In a chat one's own stand where one's own always do. @param {HTMLElement} bubble */
function takeSide(bubble) {
  if (bubble.dataset.place && bubble.dataset.author === me) bubble.dataset.side = "out";
  for (const mention of bubble.querySelectorAll(`.mention[data-user="${me}"]`)) mention.setAttribute("data-mine", "");
}

/** @param {Element | null} previous @param {HTMLElement} bubble */
function isSameSpeaker(previous, bubble) {
  if (!(previous instanceof HTMLElement) || !previous.matches(".message")) return false;
  return previous.dataset.side === bubble.dataset.side && previous.dataset.author === bubble.dataset.author;
}

/** @param {Date} at */
function dayLine(at) {
  const line = copyOf("day-line");
  /** @type {HTMLElement} */ (line.firstElementChild).textContent = dayName(at);
  return line;
}
