// @ts-check
/** The board without a mouse. Keys work outside fields only, and never with Alt. */

import { byId } from "../page.js";
import { board, cardOf, cardsIn, columnOf } from "./cards.js";
import { claim, toColumn } from "./menus.js";
import { move, placeOf } from "./moving.js";

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** @param {{openId: () => string, open: (href: string) => void, close: () => void}} panel */
export function listenToKeys(panel) {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || isField(event.target)) return;
    if (document.querySelector(".menu:popover-open, dialog[open]")) return;
    if (onKey(event, panel)) event.preventDefault();
  });
}

/** @param {KeyboardEvent} event @param {{openId: () => string, open: (href: string) => void, close: () => void}} panel */
function onKey(event, panel) {
  const card = focusedCard();
  const arrow = ARROWS[event.key];
  if (arrow && (card || !panel.openId())) return event.shiftKey && card ? shift(card, arrow) : walk(card, arrow);
  const id = card?.dataset.id ?? panel.openId();
  switch (event.key) {
    case " ":
      if (!card || document.activeElement?.classList.contains("card-menu")) return false;
      panel.open(linkOf(card).href);
      return true;
    case "Escape":
      if (!panel.openId()) return false;
      panel.close();
      return true;
    case "?":
      /** @type {HTMLDialogElement} */ (byId("keys")).showModal();
      return true;
    case "m":
      if (id) void claim(id);
      return Boolean(id);
    case "e":
      if (id) finish(id);
      return Boolean(id);
  }
  return false;
}

/** Into the column that says the work is done. @param {string} id */
function finish(id) {
  const done = /** @type {HTMLElement | null} */ (board().querySelector('.column[data-status="RESOLVED"]'));
  if (done?.dataset.column && cardOf(id)?.dataset.column !== done.dataset.column) void toColumn(id, done.dataset.column);
}

/** @param {HTMLElement | null} card @param {[number, number]} arrow */
function walk(card, [sideways, down]) {
  const to = card ? (down ? beside(card, down) : across(card, sideways)) : board().querySelector(".card");
  if (!(to instanceof HTMLElement)) return Boolean(card);
  linkOf(to).focus();
  to.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}

/** @param {HTMLElement} card @param {[number, number]} arrow */
function shift(card, [sideways, down]) {
  const from = placeOf(card);
  const to = down ? onePlace(card, down) : nextColumn(card, sideways);
  if (to) void move(card, to, from).then(() => undefined);
  const moved = cardOf(card.dataset.id ?? "");
  if (moved) linkOf(moved).focus();
  moved?.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}

/** @param {HTMLElement} card @param {number} down @returns {import("./moving.js").Place | null} */
function onePlace(card, down) {
  const other = beside(card, down);
  const columnId = columnOf(card)?.dataset.column ?? "";
  if (!other) return null;
  return down > 0 ? { columnId, afterId: other.dataset.id } : { columnId, beforeId: other.dataset.id };
}

/** @param {HTMLElement} card @param {number} sideways @returns {import("./moving.js").Place | null} */
function nextColumn(card, sideways) {
  const columns = columnsOfBoard();
  const column = columns[columns.indexOf(/** @type {HTMLElement} */ (columnOf(card))) + sideways];
  return column?.dataset.column ? { columnId: column.dataset.column } : null;
}

/** @param {HTMLElement} card @param {number} down */
function beside(card, down) {
  const cards = cardsIn(/** @type {Element} */ (card.parentElement));
  return cards[cards.indexOf(card) + down] ?? null;
}

/** The card at the same height in the next column that has any. @param {HTMLElement} card @param {number} sideways */
function across(card, sideways) {
  const columns = columnsOfBoard();
  const height = cardsIn(/** @type {Element} */ (card.parentElement)).indexOf(card);
  let at = columns.indexOf(/** @type {HTMLElement} */ (columnOf(card))) + sideways;
  for (; columns[at]; at += sideways) {
    const cards = cardsIn(/** @type {Element} */ (columns[at].querySelector("[data-cards]")));
    if (cards.length) return cards[Math.min(height, cards.length - 1)];
  }
  return null;
}

/** @returns {HTMLElement[]} */
const columnsOfBoard = () => [...board().querySelectorAll(".column")].map((column) => /** @type {HTMLElement} */ (column));

/** @returns {HTMLElement | null} */
const focusedCard = () => document.activeElement?.closest(".card") ?? null;

/** @param {HTMLElement} card */
const linkOf = (card) => /** @type {HTMLAnchorElement} */ (card.querySelector(".card-link"));

/** @param {EventTarget | null} target */
function isField(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
