// @ts-check
/** Somebody else has answered while one wrote: who and what, over the words that were not sent; then it is one's choice. */

import { word } from "../page.js";
import { RecadoError } from "../recado-socket.js";

/** @typedef {import("../socket/contract").Message} Message */

export class Answered {
  /** @param {HTMLElement} composer @param {{sendAnyway: () => void, discard: () => void}} ways */
  constructor(composer, { sendAnyway, discard }) {
    this.row = /** @type {HTMLElement} */ (composer.querySelector("[data-answered]"));
    this.#part("[data-send-anyway]").onclick = sendAnyway;
    this.#part("[data-discard]").onclick = discard;
  }

  /** Whether its author knows of the other answer. */
  get isShown() {
    return !this.row.hidden;
  }

  /** @param {Message} answer */
  show(answer) {
    this.row.hidden = false; // before its words: an alert speaks what changes in it
    this.#part("[data-answered-who]").textContent = who(answer);
    this.#part("[data-answered-words]").textContent = what(answer);
  }

  hide() {
    this.row.hidden = true;
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.row.querySelector(selector));
  }
}

/** The answer for which a message was refused, if that is why. @param {unknown} error @returns {Message | null} */
export function answerIn(error) {
  return (error instanceof RecadoError && error.code === "conflict" && error.current) || null;
}

/** Who has just said what. @param {Message} answer */
export function wordsOf(answer) {
  return `${who(answer)} ${what(answer)}`;
}

/** @param {Message} answer */
const who = ({ sender }) => word("answered", { name: sender.name });

/** @param {Message} answer */
const what = ({ content, attachments, type }) => content || attachments[0]?.filename || word(`type-${type}`);
