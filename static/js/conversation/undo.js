// @ts-check
/** The moment after Enter in which a message has not left: a countdown on its bubble, and a way back. */

import { copyOf } from "../page.js";

/** @typedef {import("./letters.js").Letter} Letter */
/** @typedef {{id: string, letter: Letter, until: number}} Held a message that waits here; `until` by this page's clock */

const TICK_MS = 200;

/** @type {Map<string, Held>} by the id of its bubble */
const held = new Map();

/**
 * The server has it and keeps it for a while.
 * @param {Letter} letter
 * @param {{id: string, timestamp: string, recallableUntil?: string | null}} message
 */
export function hold(letter, { id, timestamp, recallableUntil }) {
  // both by the server's clock: this computer's may be wrong
  const left = recallableUntil ? Date.parse(recallableUntil) - Date.parse(timestamp) : 0;
  if (left <= 0) return;
  const bubbleId = `message-${letter.clientId}`;
  held.set(bubbleId, { id, letter, until: performance.now() + left });
  const bubble = document.getElementById(bubbleId);
  if (bubble) offerUndo(bubble);
}

/** Show the way back on a bubble that has one: again whenever it was replaced. @param {HTMLElement} bubble */
export function offerUndo(bubble) {
  const one = held.get(bubble.id);
  if (!one) return;
  if (bubble.dataset.status !== "PENDING" || performance.now() >= one.until) {
    held.delete(bubble.id);
    return;
  }
  const row = copyOf("undo");
  const seconds = /** @type {HTMLElement} */ (row.querySelector("[data-seconds]"));
  const clock = setInterval(() => {
    const left = one.until - performance.now();
    seconds.textContent = String(Math.ceil(left / 1000));
    if (left > 0 && row.isConnected) return;
    clearInterval(clock);
    row.remove();
  }, TICK_MS);
  seconds.textContent = String(Math.ceil((one.until - performance.now()) / 1000));
  bubble.querySelector(".undo")?.remove();
  bubble.append(row);
}

/** What is held under a bubble, from now on no longer. @param {HTMLElement} bubble */
export function release(bubble) {
  const one = held.get(bubble.id);
  held.delete(bubble.id);
  bubble.querySelector(".undo")?.remove();
  return one ?? null;
}
