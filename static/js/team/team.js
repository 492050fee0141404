// @ts-check
/** The team's chats: the list, what is found, and the open one; a page of their own, or a drawer beside the board. */

import { speak, word } from "../page.js";
import { entitle } from "../title.js";
import { complain } from "../toast.js";
import { followEvents } from "../updates.js";
import { Finder } from "./finder.js";
import { listenToGroupDialog } from "./group-dialog.js";
import { ChatList } from "./list.js";
import { Pane, isMissing } from "./pane.js";

const ADDRESS = /\/team\/([0-9a-f-]{36})\/$/;

export class Team {
  /** @param {HTMLElement} root @param {{hasAddress: boolean}} options whether the open chat is the page's address */
  constructor(root, { hasAddress }) {
    this.root = root;
    this.hasAddress = hasAddress;
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(name));
    this.pane = new Pane(part("[data-pane]"), () => this.close());
    this.list = new ChatList(part("[data-chats]"), (id) => id === this.pane.id && this.#wasPutOut());
    this.finder = new Finder(root, { onChat: (id, messageId) => this.open(id, messageId) });
    this.list.markOpen(this.pane.id);
    root.addEventListener("click", (event) => this.#onClick(event));
    listenToGroupDialog(root, (id) => this.open(id));
    if (hasAddress) addEventListener("popstate", () => this.#follow());
    followEvents();
  }

  /** Show a chat; with a message, that one. @param {string} id @param {string} [messageId] */
  async open(id, messageId) {
    if (this.hasAddress && !location.pathname.endsWith(`/${id}/`)) history.pushState({}, "", `/team/${id}/`);
    await this.#show(id);
    if (messageId) this.pane.pointAt(messageId);
  }

  /** To the open chat, else to the newest; where there is none, to the search. */
  focus() {
    const newest = /** @type {HTMLElement | null} */ (this.root.querySelector(".chat-link"));
    if (this.pane.composer) this.pane.composer.focus();
    else (newest ?? this.finder.field).focus();
  }

  close() {
    if (this.hasAddress) history.pushState({}, "", "/team/");
    this.#hide();
  }

  /** @param {string} id */
  async #show(id) {
    this.root.dataset.open = id;
    this.list.markOpen(id);
    try {
      await this.pane.open(id);
      this.#entitle();
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      if (!isMissing(error)) return; // the pane says so
      this.#hide();
      complain(error);
    }
  }

  #hide() {
    const { id } = this.pane;
    delete this.root.dataset.open;
    this.pane.close();
    this.list.markOpen("");
    this.#entitle();
    /** @type {HTMLElement | null} */ (this.root.querySelector(`[data-id="${id}"] .chat-link`))?.focus();
  }

  #wasPutOut() {
    speak(word("left-group"));
    this.close();
  }

  #follow() {
    const found = ADDRESS.exec(location.pathname);
    if (found) void this.#show(found[1]);
    else this.#hide();
  }

  #entitle() {
    if (!this.hasAddress) return;
    const title = this.pane.chat?.dataset.title;
    entitle(`${title ? `${title} · ` : ""}${word("team-chat")} · Recado`);
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("[data-open-again]")) void this.#show(this.root.dataset.open ?? "");
    const row = /** @type {HTMLElement | null} */ (target.closest(".chat"));
    if (!row || !target.closest(".chat-link") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    void this.open(row.dataset.id ?? "");
  }
}
