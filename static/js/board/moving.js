// @ts-check
/** Moving a card: what the hand did is shown at once, the server decides, and it can be taken back. */

import { speak, word } from "../page.js";
import { RecadoError } from "../recado-socket.js";
import { ask } from "../server.js";
import { reasonOf, toast } from "../toast.js";
import { need, refresh } from "../updates.js";
import { arrive, cardOf, cardsIn, columnOf, depart, listOf, nameOf } from "./cards.js";
import { countAgain } from "./counts.js";

/** @typedef {{columnId: string, afterId?: string, beforeId?: string}} Place */

/** Where a card stands now. @param {HTMLElement} card @returns {Place} */
export function placeOf(card) {
  const [above, below] = [card.previousElementSibling, card.nextElementSibling];
  return { columnId: columnOf(card)?.dataset.column ?? "", afterId: idOf(above), beforeId: idOf(below) };
}

/** @param {Place} a @param {Place} b */
export function isSame(a, b) {
  return a.columnId === b.columnId && a.afterId === b.afterId && a.beforeId === b.beforeId;
}

/**
 * Put a card at a place of the page and tell the server. `from`: where it was, for taking it back.
 * @param {HTMLElement} card
 * @param {Place} to
 * @param {Place} from
 */
export async function move(card, to, from) {
  const name = nameOf(card);
  put(card, to);
  const shown = placeOf(card);
  countAgain();
  say(card, name);
  const id = card.dataset.id ?? "";
  try {
    await underway(id, () => decide(id, to, from, Number(card.dataset.version)));
  } catch (error) {
    if (!(await settle(id, name, error, shown, from))) return;
  }
  const column = columnName(to.columnId);
  toast(word("moved", { name, column }), { about: id, action: word("undo"), onAction: () => undo(id, name, from) });
}

/** What comes of earlier moves waits for the answer. @param {string} id @param {() => Promise<{version: number}>} deed */
async function underway(id, deed) {
  depart(id);
  let version;
  try {
    ({ version } = await deed());
  } finally {
    arrive(id, version);
  }
}

/**
 * Only another hand on the card is a conflict; that its customer wrote meanwhile is none.
 * @param {string} id
 * @param {Place} to
 * @param {Place} from
 * @param {number} version
 */
async function decide(id, to, from, version) {
  try {
    return await send(id, to, version);
  } catch (error) {
    const current = error instanceof RecadoError && error.code === "conflict" ? error.current : null;
    if (!current || current.columnId !== from.columnId) throw error;
    return send(id, to, current.version);
  }
}

/** @param {string} id @param {string} name @param {Place} from */
async function undo(id, name, from) {
  const card = cardOf(id);
  const before = card ? placeOf(card) : from;
  if (card) put(card, from);
  const shown = card ? placeOf(card) : from;
  countAgain();
  try {
    await underway(id, () => send(id, from));
  } catch (error) {
    if (!(await settle(id, name, error, shown, before))) return;
  }
  speak(word("moved-back", { name, column: columnName(from.columnId) }));
}

/** @param {string} id @param {Place} to @param {number} [version] */
function send(id, { columnId, afterId, beforeId }, version) {
  const fields = { column: columnId, after: afterId, before: beforeId, version };
  return ask("conversation:move", { conversationId: id, columnId, afterId, beforeId, version }, `/cards/${id}/move/`, fields);
}

/** @param {HTMLElement} card @param {Place} to */
export function put(card, { columnId, afterId, beforeId }) {
  const focused = card.contains(document.activeElement) && /** @type {HTMLElement} */ (document.activeElement);
  const list = listOf(columnId);
  const [above, below] = [afterId && cardOf(afterId), beforeId && cardOf(beforeId)];
  if (above && above.parentElement === list) above.after(card);
  else if (below && below.parentElement === list) below.before(card);
  else list?.prepend(card);
  if (focused) focused.focus({ preventScroll: true }); // what is moved loses it
}

/**
 * A move did not succeed, or nobody knows: the card goes where it belongs, and the reason is said.
 * @param {string} id
 * @param {string} name
 * @param {unknown} error
 * @param {Place} shown where the move has put it
 * @param {Place} from
 * @returns {Promise<boolean>} whether it was moved all the same, and only the answer was lost
 */
async function settle(id, name, error, shown, from) {
  const { code, current } = error instanceof RecadoError ? error : new RecadoError({ code: "internal" });
  try {
    await refresh("card", current?.id ?? id);
    const card = cardOf(id);
    if (code === "timeout" && card && isSame(placeOf(card), shown)) return true;
  } catch {
    const card = cardOf(id);
    if (card) put(card, from);
    need("card", id); // the server says where it is once it answers again
  }
  toast(word("not-moved", { name, reason: reasonOf(error) }), { about: id, kind: "problem" });
  return false;
}

/** @param {HTMLElement} card @param {string} name */
function say(card, name) {
  const list = /** @type {HTMLElement} */ (card.parentElement);
  const cards = cardsIn(list);
  const column = columnOf(card)?.dataset.name ?? "";
  speak(word("moved-place", { name, column, place: cards.indexOf(card) + 1, count: cards.length }));
}

/** @param {string} columnId */
function columnName(columnId) {
  const list = listOf(columnId);
  return /** @type {HTMLElement | null | undefined} */ (list?.parentElement)?.dataset.name ?? "";
}

/** @param {Element | null} neighbour */
function idOf(neighbour) {
  return neighbour?.classList.contains("card") ? /** @type {HTMLElement} */ (neighbour).dataset.id : undefined;
}
