// @ts-check
/**
 * What is unread in the team's chats: counted by the server a moment after something happened, shown in the rail and
 * wherever a list asks. Also tells the authors that their messages have arrived on a screen.
 */

import { byId, word } from "../page.js";
import { get, socket, use } from "../server.js";

/** @typedef {{unread: number, mentions: number, chats: Record<string, [number, number]>, arrived: string[]}} Unread */

const SOON_MS = 250;
const AGAIN_MS = 5_000;
const MANY = 99;
const OF_CHATS = /^(message|group|conversation):/;

/** @type {Set<(counts: Unread) => void>} */
const listeners = new Set();
/** @type {Unread | null} */
let newest = null;
/** @type {any} */
let timer = 0;

export function followUnread() {
  if (!document.querySelector("[data-team-badge]")) return;
  socket.on("batch", (events) => events.some(({ type }) => OF_CHATS.test(type)) && countAgain());
  socket.on("state", (state) => state === "live" && countAgain());
  onUnread(showInRail);
  countAgain();
}

/** Be told of the counts, now and whenever they change. @param {(counts: Unread) => void} listener */
export function onUnread(listener) {
  listeners.add(listener);
  if (newest) listener(newest);
}

/** The counts as last heard, drawn anew. @param {(counts: Unread) => void} listener */
export function drawUnread(listener) {
  if (newest) listener(newest);
}

export function countAgain(ms = SOON_MS) {
  timer ||= setTimeout(count, ms);
}

async function count() {
  timer = 0;
  try {
    const counts = /** @type {Unread} */ (await get(byId("team-link").dataset.unread ?? ""));
    newest = counts;
    listeners.forEach((listener) => listener(counts));
    if (counts.arrived.length) await use("message:delivered", { messageIds: counts.arrived }, "POST", "/api/messages/delivered");
  } catch {
    countAgain(AGAIN_MS);
  }
}

/** @param {Unread} counts */
function showInRail({ unread, mentions }) {
  const badge = /** @type {HTMLElement} */ (document.querySelector("[data-team-badge]"));
  badge.textContent = numberOf(unread);
  badge.hidden = !unread;
  badge.toggleAttribute("data-mentioned", mentions > 0);
  byId("team-words").textContent = unread ? word("unread-messages", { count: unread }) : "";
}

/** @param {number} count */
export function numberOf(count) {
  return count > MANY ? `${MANY}+` : String(count);
}
