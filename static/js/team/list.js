// @ts-check
/** The list of chats: newest first, with what is unread in each. */

import { elementOf, me } from "../page.js";
import { piece, socket } from "../server.js";
import { showTimes } from "../times.js";
import { complain } from "../toast.js";
import { need, placedBy } from "../updates.js";
import { drawUnread, numberOf, onUnread } from "./unread.js";

/** @typedef {import("../updates.js").Fragment} Fragment */

export class ChatList {
  /** Groups that one has left: what was rendered before must not bring them back. @type {Set<string>} */
  #left = new Set();

  /** @param {HTMLElement} list @param {(id: string) => void} onLeft */
  constructor(list, onLeft) {
    this.list = list;
    this.onLeft = onLeft;
    this.openId = "";
    showTimes(list);
    placedBy("chat", (fragment) => this.#place(fragment));
    onUnread(this.#showUnread);
    socket.on("group:left", ({ data }) => data.userIds.includes(me) && this.#leave(data.conversationId));
    for (const type of /** @type {const} */ (["group:created", "group:joined", "conversation:new"])) {
      socket.on(type, ({ data }) => data.userIds?.includes(me) && this.#enter(data.conversationId));
    }
    list.addEventListener("click", (event) => {
      const more = /** @type {HTMLElement} */ (event.target).closest("[data-more-chats]");
      if (more) void this.#loadMore(/** @type {HTMLElement} */ (more));
    });
  }

  /** @param {string} id */
  markOpen(id) {
    this.openId = id;
    for (const row of this.#rows()) this.#mark(row);
  }

  /** @param {HTMLElement} row */
  #mark(row) {
    const link = row.querySelector(".chat-link");
    if (row.dataset.id === this.openId) link?.setAttribute("aria-current", "true");
    else link?.removeAttribute("aria-current");
  }

  #rows() {
    return /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll(":scope > .chat")]);
  }

  /** @param {string} id */
  #rowOf(id) {
    return this.#rows().find((row) => row.dataset.id === id);
  }

  /** @param {Fragment} fragment */
  #place(fragment) {
    const old = this.#rowOf(fragment.id);
    if (this.#left.has(fragment.id) || (old && Number(old.dataset.version) >= fragment.version)) return;
    const row = elementOf(fragment.html);
    const hadFocus = old?.contains(document.activeElement);
    old?.remove();
    const next = this.#rows().find((other) => Number(other.dataset.at) < Number(row.dataset.at));
    this.list.insertBefore(row, next ?? this.list.querySelector("[data-more-chats]"));
    showTimes(row);
    this.#mark(row);
    drawUnread(this.#showUnread);
    if (hadFocus) /** @type {HTMLElement | null} */ (row.querySelector(".chat-link"))?.focus({ preventScroll: true });
  }

  /** @param {string} id */
  #enter(id) {
    this.#left.delete(id);
    need("chat", id);
  }

  /** @param {string} id */
  #leave(id) {
    this.#left.add(id);
    this.#rowOf(id)?.remove();
    this.onLeft(id);
  }

  /** @param {import("./unread.js").Unread} counts */
  #showUnread = ({ chats }) => {
    for (const row of this.#rows()) {
      const [unread, mentions] = chats[row.dataset.id ?? ""] ?? [0, 0];
      const badge = /** @type {HTMLElement} */ (row.querySelector("[data-unread]"));
      badge.textContent = numberOf(unread);
      badge.hidden = !unread;
      /** @type {HTMLElement} */ (row.querySelector("[data-mentions]")).hidden = !mentions;
      row.toggleAttribute("data-news", unread > 0);
    }
  };

  /** @param {HTMLElement} more */
  async #loadMore(more) {
    try {
      const template = document.createElement("template");
      template.innerHTML = await piece(more.dataset.moreChats ?? "", "chats");
      for (const row of template.content.querySelectorAll(".chat")) if (document.getElementById(row.id)) row.remove();
      showTimes(template.content);
      more.replaceWith(template.content);
      drawUnread(this.#showUnread);
    } catch (error) {
      complain(error);
    }
  }
}
