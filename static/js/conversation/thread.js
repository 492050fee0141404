// @ts-check
/** The thread of the open conversation: bubbles in their order, days, what is new, what was before. */

import { copyOf, elementOf, me, speak, word } from "../page.js";
import { piece, post } from "../server.js";
import { complain } from "../toast.js";
import { letPicturesBeSeen } from "./lightbox.js";
import { offerUndo } from "./undo.js";
import { dayOf, showTimes } from "../times.js";

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
    this.#arrange(this.#bubbles());
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
    this.#arrange([bubble]);
    this.#scrollToNewest("instant");
  }

  /** Put a bubble where it was said; an older version of it changes nothing. @param {Fragment} fragment */
  place(fragment, force = false) {
    const old = document.getElementById(fragment.target);
    if (old && !force && Number(old.dataset.version) >= fragment.version) return;
    const bubble = elementOf(fragment.html);
    if (!old && this.#isAbove(bubble)) return void (this.#loading && this.#above.push(fragment));
    takeSide(bubble);
    const [stay, isNews] = [this.isAtNewest, !old];
    const next = this.#bubbles().find((other) => other !== old && (other.dataset.order ?? LAST) > (bubble.dataset.order ?? ""));
    const focused = old && takeOver(old, bubble);
    const left = old && besides(old, 1);
    old?.remove();
    this.list.insertBefore(bubble, next ?? null);
    offerUndo(bubble);
    if (focused) focusOn(bubble, focused);
    this.#arrange([bubble, besides(bubble, 1), left]);
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

  /** Times in this zone, and a line where a day begins: for these, because a thread may hold thousands. @param {(HTMLElement | null)[]} bubbles */
  #arrange(bubbles) {
    this.scroller.querySelector(".thread-empty")?.toggleAttribute("hidden", Boolean(this.list.querySelector(":scope > .message")));
    for (const bubble of bubbles) {
      if (!bubble) continue;
      showTimes(bubble);
      takeSide(bubble);
      fit(bubble);
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

  /** Whether it belongs to a page that has not been loaded: it comes along with that. @param {HTMLElement} bubble */
  #isAbove(bubble) {
    const first = this.#bubbles()[0];
    return Boolean(this.list.querySelector("[data-older]")) && (bubble.dataset.order ?? LAST) < (first?.dataset.order ?? "");
  }

  /** Changes to messages further up: the page that is just being fetched may not have them. @type {Fragment[]} */
  #above = [];
  /** @type {Promise<void> | null} */
  #loading = null;

  /** Earlier messages come in above without moving those in sight. @param {HTMLElement} older */
  #loadOlder(older) {
    this.#loading ??= this.#fetchOlder(older).finally(() => (this.#loading = null));
    return this.#loading;
  }

  /** @param {HTMLElement} older */
  async #fetchOlder(older) {
    this.watcher.unobserve(older);
    this.#above = [];
    try {
      const template = document.createElement("template");
      template.innerHTML = await piece(older.dataset.older ?? "", "messages");
      const oldest = this.#bubbles().slice(0, 1);
      const earlier = /** @type {HTMLElement[]} */ ([...template.content.querySelectorAll(".message")]);
      const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
      older.replaceWith(template.content);
      this.#arrange([...earlier, ...oldest]);
      for (const fragment of this.#above.splice(0)) this.place(fragment);
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
    else if (jump) void this.pointAt(jump.dataset.jump ?? "");
  }

  /** @param {HTMLButtonElement} button */
  async #retry(button) {
    button.disabled = true;
    await post(button.formAction).catch(complain);
    button.disabled = false;
  }

  /** Bring a message into sight, however far above it is. @param {string} id */
  async pointAt(id) {
    const find = () => this.list.querySelector(`[data-id="${id}"]`);
    const older = () => /** @type {HTMLElement | null} */ (this.list.querySelector("[data-older]"));
    const isFar = !find();
    for (let next = older(); next && !find() && this.list.isConnected; next = older()) {
      await this.#loadOlder(next);
      if (next.isConnected) return; // it did not come
    }
    const bubble = find();
    bubble?.scrollIntoView({ block: "center", behavior: isFar ? "instant" : "smooth" });
    bubble?.setAttribute("data-pointed", "");
    setTimeout(() => bubble?.removeAttribute("data-pointed"), 1300);
  }
}

/**
 * What plays in a bubble goes on in the one that takes its place. Returns what the focus was on.
 * @param {HTMLElement} old
 * @param {HTMLElement} bubble
 */
function takeOver(old, bubble) {
  const focused = old.contains(document.activeElement) && /** @type {HTMLElement} */ (document.activeElement);
  const playing = /** @type {HTMLMediaElement | null} */ (old.querySelector("audio, video"));
  const place = document.adoptNode(bubble).querySelector("audio, video"); // what goes to another document stops
  if (playing?.currentTime && playing.getAttribute("src") === place?.getAttribute("src")) place?.replaceWith(playing);
  return focused;
}

/** @param {HTMLElement} bubble @param {HTMLElement} focused something of it, or of the one before */
function focusOn(bubble, focused) {
  const same = ["data-reply", "data-undo", "data-retry"].find((name) => focused.hasAttribute(name));
  const other = /** @type {HTMLElement | null} */ ((same && bubble.querySelector(`[${same}]`)) || bubble.querySelector("[aria-haspopup]"));
  (bubble.contains(focused) ? focused : other)?.focus({ preventScroll: true });
}

/** In a chat one's own stand where one's own always do. @param {HTMLElement} bubble */
function takeSide(bubble) {
  if (bubble.dataset.place && bubble.dataset.author === me) bubble.dataset.side = "out";
  for (const mention of bubble.querySelectorAll(`.mention[data-user="${me}"]`)) mention.setAttribute("data-mine", "");
}

/** The bubble before (-1) or after (1) one, whatever lines are between them. @param {HTMLElement} bubble @param {-1 | 1} way */
function besides(bubble, way) {
  const step = (/** @type {Element} */ from) => (way > 0 ? from.nextElementSibling : from.previousElementSibling);
  let other = step(bubble);
  while (other && !other.matches(".message")) other = step(other);
  return /** @type {HTMLElement | null} */ (other);
}

/** When it was said. @param {HTMLElement} bubble */
function momentOf(bubble) {
  const time = /** @type {HTMLTimeElement | null} */ (bubble.querySelector("time[data-show=clock]"));
  return time?.dateTime ? new Date(time.dateTime) : new Date();
}

/** Below those before it: with a line where its day begins, close where its speaker goes on. @param {HTMLElement} bubble */
function fit(bubble) {
  const before = besides(bubble, -1);
  while (bubble.previousElementSibling?.matches("[data-day]")) bubble.previousElementSibling.remove();
  const line = bubble.previousElementSibling?.matches("[data-unread-line]") ? bubble.previousElementSibling : null;
  while (line?.previousElementSibling?.matches("[data-day]")) line.previousElementSibling.remove();
  const at = momentOf(bubble);
  const begins = !before || dayOf(momentOf(before)) !== dayOf(at);
  if (begins) (line ?? bubble).before(dayLine(at));
  bubble.toggleAttribute("data-follows", !begins && isSameSpeaker(bubble.previousElementSibling, bubble));
}

/** @param {Element | null} previous @param {HTMLElement} bubble */
function isSameSpeaker(previous, bubble) {
  if (!(previous instanceof HTMLElement) || !previous.matches(".message")) return false;
  return previous.dataset.side === bubble.dataset.side && previous.dataset.author === bubble.dataset.author;
}

/** @param {Date} at */
function dayLine(at) {
  const line = copyOf("day-line");
  line.firstElementChild?.setAttribute("datetime", at.toISOString());
  showTimes(line);
  return line;
}
