// @ts-check
/** Answering one message: its words above the field until the answer is sent. */

import { word } from "../page.js";

/** @typedef {import("./letters.js").Quoted} Quoted */

export class Quoting {
  /** @type {Quoted | null} */
  quoted = null;

  /** @param {HTMLElement} conversation @param {() => void} focus */
  constructor(conversation, focus) {
    this.title = conversation.dataset.title ?? "";
    this.row = /** @type {HTMLElement} */ (conversation.querySelector("[data-quoting]"));
    this.focus = focus;
    /** @type {HTMLElement} */ (this.row.querySelector("[data-unquote]")).onclick = () => {
      this.quote(null);
      focus();
    };
  }

  /** @param {Quoted | null} quoted */
  quote(quoted) {
    this.quoted = quoted;
    this.row.hidden = !quoted;
    /** @type {HTMLElement} */ (this.row.querySelector("[data-quoted-who]")).textContent = quoted?.who ?? "";
    /** @type {HTMLElement} */ (this.row.querySelector("[data-quoted-words]")).textContent = quoted?.words ?? "";
  }

  /** What is quoted, once. */
  take() {
    const { quoted } = this;
    this.quote(null);
    return quoted;
  }

  /** Quote a message and go on to the answer. @param {HTMLElement} bubble */
  answer(bubble) {
    const { id = "", side } = bubble.dataset;
    const author = bubble.querySelector(".bubble-author")?.textContent;
    this.quote({ id, who: author || (side === "in" ? this.title : word("you")), words: wordsOf(bubble) });
    this.focus();
  }
}

/** The words of a message, or what kind of thing it is. @param {HTMLElement} bubble */
function wordsOf(bubble) {
  const words = bubble.querySelector(".bubble-text .words")?.textContent;
  return words || bubble.querySelector(".piece-words strong")?.textContent || bubble.querySelector("[alt], [aria-label]")?.getAttribute("alt") || bubble.querySelector("audio")?.getAttribute("aria-label") || "";
}
