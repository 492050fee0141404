// @ts-check
/** In which conversations something is new: counted in the title and the icon, kept for all tabs of this browser. */

import { me } from "../page.js";
import { RecadoError } from "../recado-socket.js";
import { socket } from "../server.js";
import { badge } from "../title.js";

const KEY = `recado:pending:${me}`;
const MOST = 20; // also what is asked for when a page opens

/** @returns {string[]} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}

/** @param {string[]} ids */
function keep(ids) {
  if (ids.length) localStorage.setItem(KEY, JSON.stringify(ids.slice(-MOST)));
  else localStorage.removeItem(KEY);
  badge(ids.length);
}

/** @param {string} id */
export function remember(id) {
  keep([...kept().filter((other) => other !== id), id]);
}

/** @param {string} id */
export function forget(id) {
  const ids = kept();
  if (ids.includes(id)) keep(ids.filter((other) => other !== id));
}

export function keepCount() {
  badge(kept().length);
  addEventListener("storage", ({ key }) => key === KEY && badge(kept().length));
  const stop = socket.on("state", (state) => {
    if (state !== "live") return;
    stop();
    void checkAll();
  });
}

/** What was read while no page was open has told nobody here. One after the other: commands are rationed. */
async function checkAll() {
  for (const id of kept()) await check(id);
}

/** @param {string} conversationId */
async function check(conversationId) {
  try {
    const { unreadCount } = await socket.conversationGet({ conversationId });
    if (!unreadCount) forget(conversationId);
  } catch (error) {
    if (error instanceof RecadoError && error.code === "not_found") forget(conversationId);
  }
}
