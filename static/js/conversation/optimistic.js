// @ts-check
/** A bubble of our own before the server has it: it is replaced by the real one, which has the same id. */

import { copyOf } from "../page.js";
import { showTimes } from "../times.js";
import { sizeOf } from "./tray.js";

/** @typedef {import("./letters.js").Letter} Letter */

/** @param {Letter} letter */
export function bubbleOf({ clientId, content, type, file, quoted }) {
  const bubble = copyOf("new-bubble");
  bubble.id = `message-${clientId}`;
  bubble.dataset.type = type;
  part(bubble, "[data-text]").textContent = content;
  part(bubble, "time").setAttribute("datetime", new Date().toISOString());
  if (quoted) showQuote(bubble, quoted.words);
  if (file) part(bubble, ".bubble-text").before(pieceOf(file));
  showTimes(bubble);
  return bubble;
}

/** @param {HTMLElement} bubble @param {string} words */
function showQuote(bubble, words) {
  const quote = part(bubble, "[data-new-quote]");
  quote.hidden = false;
  part(quote, "span").textContent = words;
}

/** @param {import("./tray.js").TrayFile} file */
function pieceOf({ file, type, address }) {
  const piece = copyOf(type === "IMAGE" ? "new-picture" : "new-piece");
  if (type === "IMAGE") part(piece, "[data-shown]").setAttribute("src", address);
  else {
    part(piece, "[data-name]").textContent = file.name;
    part(piece, "[data-size]").textContent = sizeOf(file.size);
  }
  return piece;
}

/** Whether its real one has not come yet. @param {Letter} letter */
export function isOptimistic({ clientId }) {
  return document.getElementById(`message-${clientId}`)?.hasAttribute("data-optimistic");
}

/** @param {Element} of @param {string} selector */
function part(of, selector) {
  return /** @type {HTMLElement} */ (of.querySelector(selector));
}
