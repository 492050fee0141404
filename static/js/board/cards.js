// @ts-check
/** The cards of the board: finding them, putting them where they belong, taking them off. */

import { byId, elementOf, mayMove, me } from "../page.js";
import { showTimes } from "../times.js";
import { drawRings } from "../windows.js";
import { countAgain } from "./counts.js";

/** @typedef {import("../updates.js").Fragment} Fragment */

const GLIDE_MS = 150;
const BUSY_MS = 250;
const BUSY_EVENTS = 10;

/** @type {{fragment: Fragment, force: boolean}[] | null} what came while somebody drags */
let waiting = null;
/**
 * Cards whose last move the server has yet to confirm, and the newest that came of them since.
 * @type {Map<string, {moves: number, fragment: Fragment | null}>}
 */
const underway = new Map();
/** @type {number[]} */
let lately = [];
let openCard = "";

export const board = () => byId("board");

/** @param {string} id @returns {HTMLElement | null} */
export const cardOf = (id) => document.getElementById(`card-${id}`);

/** @param {string | undefined} columnId @returns {HTMLElement | null} */
export const listOf = (columnId) => board().querySelector(`[data-column="${columnId}"] > [data-cards]`);

/** @param {Element} list @returns {HTMLElement[]} */
export const cardsIn = (list) => [...list.querySelectorAll(":scope > .card")].map((card) => /** @type {HTMLElement} */ (card));

/** The column a card stands in on this page. @param {HTMLElement} card @returns {HTMLElement | null} */
export const columnOf = (card) => card.closest("[data-column][data-name]");

/** @param {HTMLElement} card */
export const nameOf = (card) => card.querySelector(".card-link")?.textContent ?? "";

/** Nothing moves under a hand that drags. */
export function hold() {
  waiting ??= [];
}

export function release() {
  const held = waiting ?? [];
  waiting = null;
  for (const { fragment, force } of held) placeCard(fragment, force);
}

/** A card was moved by hand: the echo of an earlier move must not take it back. @param {string} id */
export function depart(id) {
  const way = underway.get(id) ?? { moves: 0, fragment: null };
  way.moves += 1;
  underway.set(id, way);
}

/**
 * The server has answered a move; after the last one the card stands where the server says.
 * @param {string} id
 * @param {number} [version] which the card has by the move; what is older than that would take it back
 */
export function arrive(id, version = 0) {
  const way = underway.get(id);
  if (!way || --way.moves) return;
  underway.delete(id);
  if (way.fragment && way.fragment.version >= version) placeCard(way.fragment);
}

/** Mark the card whose conversation is open. @param {string} id */
export function markOpen(id) {
  cardOf(openCard)?.removeAttribute("data-open");
  openCard = id;
  const card = cardOf(id);
  card?.setAttribute("data-open", "");
  requestAnimationFrame(() => card?.scrollIntoView({ block: "nearest", inline: "nearest" }));
}

/** Finish new cards: times, rings, what is mine. @param {ParentNode} root */
export function dress(root) {
  showTimes(root);
  drawRings(root);
  for (const card of root.querySelectorAll(`.card[data-assignee="${me}"] .card-assignee`)) card.setAttribute("data-mine", "");
}

/** Put a card where the server says; an older version of it changes nothing. @param {Fragment} fragment @param {boolean} force */
export function placeCard(fragment, force = false) {
  if (waiting) {
    waiting.push({ fragment, force });
    return;
  }
  const way = underway.get(fragment.id);
  if (way) {
    if (!way.fragment || way.fragment.version < fragment.version) way.fragment = fragment;
    return;
  }
  const old = cardOf(fragment.id);
  if (old && !force && Number(old.dataset.version) >= fragment.version) return;
  const from = old?.getBoundingClientRect();
  const left = old?.parentElement;
  const card = dressed(fragment.html);
  const focused = focusIn(old);
  const list = listOf(fragment.columnId);
  const next = list && belongs(card) ? neighbourFor(list, card) : undefined;
  old?.remove();
  if (next !== undefined) list?.insertBefore(card, next);
  if (focused !== null && card.isConnected) refocus(card, focused);
  if (left !== card.parentElement) countAgain();
  if (from && card.isConnected) glide(card, from);
}

/** @param {string} html */
function dressed(html) {
  const holder = document.createElement("ol");
  const card = elementOf(html);
  holder.append(card);
  dress(holder);
  card.toggleAttribute("data-open", card.dataset.id === openCard);
  return card;
}

/** Whether the chosen view shows it. @param {HTMLElement} card */
function belongs(card) {
  const { view } = board().dataset;
  return view === "mine" ? card.dataset.assignee === me : view === "unassigned" ? !card.dataset.assignee : true;
}

/**
 * The element to stand before: a card, the end (null), or undefined where it belongs to a page not loaded yet.
 * @param {HTMLElement} list
 * @param {HTMLElement} card
 */
function neighbourFor(list, card) {
  const others = cardsIn(list).filter((other) => other.id !== card.id);
  const next = others.find((other) => isUnder(other, card));
  if (next) return next;
  const more = list.querySelector(":scope > .more");
  return more ? undefined : null;
}

/** @param {HTMLElement} lower @param {HTMLElement} upper */
function isUnder(lower, upper) {
  const [a, b] = [rankOf(lower), rankOf(upper)];
  return a === b ? (lower.dataset.id ?? "") > (upper.dataset.id ?? "") : a > b;
}

/** Ranks have more digits than a number can hold. @param {HTMLElement} card */
function rankOf(card) {
  return BigInt((card.dataset.rank ?? "0").replace(".", ""));
}

/** Which part of a card has the focus: its selector, or null. @param {HTMLElement | null} card */
function focusIn(card) {
  const focused = document.activeElement;
  if (!card || !focused || !card.contains(focused)) return null;
  return focused.classList.contains("card-menu") ? ".card-menu" : ".card-link";
}

/** @param {HTMLElement} card @param {string} part */
function refocus(card, part) {
  /** @type {HTMLElement} */ (card.querySelector(part)).focus({ preventScroll: true });
}

/** Let the eye follow, unless so much happens that it could not. @param {HTMLElement} card @param {DOMRect} from */
function glide(card, from) {
  const now = performance.now();
  lately = [...lately.filter((at) => at > now - BUSY_MS), now];
  const to = card.getBoundingClientRect();
  const [x, y] = [from.left - to.left, from.top - to.top];
  if (!mayMove() || lately.length > BUSY_EVENTS || (Math.abs(x) < 2 && Math.abs(y) < 2)) return;
  card.animate([{ translate: `${x}px ${y}px` }, { translate: "0 0" }], { duration: GLIDE_MS, easing: "ease-out" });
}
