// @ts-check
/** What was really seen of a chat counts as read: a bubble in sight, on a page in sight. */

import { me } from "../page.js";
import { use } from "../server.js";

const SOON_MS = 200;

export class Reading {
  #seen = 0;
  #told = 0;
  #upToId = "";
  /** @type {any} */
  #timer = 0;
  /** @type {Set<HTMLElement>} */
  #inSight = new Set();

  /** @param {HTMLElement} conversation */
  constructor(conversation) {
    this.id = conversation.dataset.conversation ?? "";
    this.#told = Number(conversation.dataset.seen);
    this.list = /** @type {HTMLElement} */ (conversation.querySelector("[data-messages]"));
    const root = conversation.querySelector("[data-thread]");
    this.sight = new IntersectionObserver((entries) => this.#look(entries), { root, threshold: [0, 0.5] });
    this.comings = new MutationObserver(() => this.#observe());
    this.comings.observe(this.list, { childList: true });
    this.onVisible = () => this.#count();
    document.addEventListener("visibilitychange", this.onVisible);
    this.#observe();
  }

  stop() {
    this.sight.disconnect();
    this.comings.disconnect();
    document.removeEventListener("visibilitychange", this.onVisible);
  }

  #observe() {
    for (const bubble of this.list.querySelectorAll(".message[data-place]:not([data-observed])")) {
      bubble.setAttribute("data-observed", "");
      this.sight.observe(bubble);
    }
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #look(entries) {
    for (const { target, isIntersecting, intersectionRatio, intersectionRect } of entries) {
      const bubble = /** @type {HTMLElement} */ (target);
      // a bubble higher than the thread is never half in sight
      if (isIntersecting && (intersectionRatio >= 0.5 || intersectionRect.height > 200)) this.#inSight.add(bubble);
      else this.#inSight.delete(bubble);
    }
    this.#count();
  }

  #count() {
    if (document.hidden) return;
    for (const bubble of this.#inSight) {
      const place = Number(bubble.dataset.place);
      if (!bubble.isConnected || bubble.dataset.author === me || place <= this.#seen) continue;
      this.#seen = place;
      this.#upToId = bubble.dataset.id ?? "";
    }
    if (this.#seen > this.#told) this.#timer ||= setTimeout(() => this.#tell(), SOON_MS);
  }

  async #tell() {
    this.#timer = 0;
    const [before, upToId] = [this.#told, this.#upToId];
    this.#told = this.#seen;
    try {
      await use("message:read", { conversationId: this.id, upToId }, "POST", `/api/conversations/${this.id}/read`);
    } catch {
      this.#told = before; // the next bubble in sight tries again
    }
  }
}
