// @ts-check
/**
 * What is unread in the team's chats: counted by the server a moment after something happened, shown in the rail and
 * wherever a list asks. Also tells the authors that their messages have arrived on a screen.
 */

import { byId, me, word } from "../page.js";
import { get, socket, use } from "../server.js";

/** @typedef {{unread: number, mentions: number, chats: Record<string, [number, number]>, arrived: string[]}} Unread */

const SOON_MS = 150;
const SPREAD_MS = 600; // never all pages of a large group at the same moment
const AGAIN_MS = 5_000;
const MANY = 99;

/** @type {Set<(counts: Unread) => void>} */
const listeners = new Set();
/** @type {Unread | null} */
let newest = null;
/** @type {any} */
let timer = 0;

export function followUnread() {
  if (!document.querySelector("[data-team-badge]")) return;
  socket.on("batch", (events) => events.some(isCounted) && countAgain());
  socket.on("state", (state) => state === "live" && countAgain());
  onUnread(showInRail);
  countAgain();
}

/** Whether what is unread for whoever sits here may be something else now. @param {import("../recado-socket.js").RecadoEvent} event */
function isCounted({ type, data }) {
  if (type === "message:new") return Boolean(data.message.place); // a customer's has none
  if (type === "message:read") return data.userId === me;
  if (type.startsWith("group:")) return Boolean(data.userIds?.includes(me));
  return type === "message:deleted" || type === "message:recalled"; // a mention may have gone with it
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

function countAgain(ms = SOON_MS + Math.random() * SPREAD_MS) {
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
  const words = unread === 1 ? "unread-message" : "unread-messages";
  byId("team-words").textContent = unread ? word(words, { count: unread }) : "";
}

/** @param {number} count */
export function numberOf(count) {
  return count > MANY ? `${MANY}+` : String(count);
}
