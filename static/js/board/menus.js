// @ts-check
/** The menus of a card and of an open conversation: where it goes, who takes care of it. */

import { openMenu } from "../menu.js";
import { me, word } from "../page.js";
import { ask } from "../server.js";
import { complain, toast } from "../toast.js";
import { cardOf, nameOf } from "./cards.js";
import { move, placeOf } from "./moving.js";

export function openMenus() {
  document.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest?.("[data-move-menu], [data-assign-menu]");
    if (!(button instanceof HTMLElement)) return;
    event.preventDefault();
    if (button.matches("[data-move-menu]")) openMoveMenu(button);
    else openAssignMenu(button);
  });
}

/** @param {HTMLElement} button */
function openMoveMenu(button) {
  const owner = /** @type {HTMLElement} */ (button.closest("[data-id]"));
  const { id = "", column } = owner.dataset;
  openMenu("move-menu", button, (item) => toColumn(id, item.dataset.to ?? ""), (item) => item.dataset.to === column);
}

/** @param {HTMLElement} button */
function openAssignMenu(button) {
  const owner = /** @type {HTMLElement} */ (button.closest("[data-id]"));
  const { id = "", assignee = "" } = owner.dataset;
  openMenu("assign-menu", button, (item) => assign(id, item.dataset.assign ?? ""), (item) => item.dataset.assign === assignee);
}

/** To the top of a column. A card that this page does not show is moved all the same. @param {string} id @param {string} columnId */
export function toColumn(id, columnId) {
  const card = cardOf(id);
  if (card) return move(card, { columnId }, placeOf(card));
  const fields = { column: columnId };
  return ask("conversation:move", { conversationId: id, columnId }, `/cards/${id}/move/`, fields).catch(complain);
}

/** @param {string} id @param {string} assigneeId empty: nobody */
export async function assign(id, assigneeId) {
  const before = assigneeOf(id);
  const data = { conversationId: id, assigneeId: assigneeId || null };
  try {
    await ask("conversation:update", data, `/conversations/${id}/assignee/`, { assignee: assigneeId });
  } catch (error) {
    complain(error);
    return;
  }
  const agent = document.querySelector(`[data-assign="${assigneeId}"]`)?.getAttribute("data-name") ?? "";
  const words = word(assigneeId ? "assigned" : "unassigned", { name: titleOf(id), agent });
  const way = before === assigneeId ? {} : { action: word("undo"), onAction: () => assign(id, before) };
  toast(words, { about: id, ...way });
}

/** Who has it, as this page shows it. @param {string} id */
function assigneeOf(id) {
  return (document.getElementById(`header-${id}`) ?? cardOf(id))?.dataset.assignee ?? "";
}

/** @param {string} id */
function titleOf(id) {
  const card = cardOf(id);
  return card ? nameOf(card) : (document.querySelector(`#header-${id} h2`)?.textContent ?? "");
}

/** Whoever presses the key takes it. @param {string} id */
export const claim = (id) => assign(id, me);
