// @ts-check
/** Cards under the mouse or, after a long press, under the finger. */

import Sortable from "../../vendor/sortable.js";
import { mayMove } from "../page.js";
import { board, hold, release } from "./cards.js";
import { isSame, move, placeOf, put } from "./moving.js";

const LONG_PRESS_MS = 220;
const CLICK_PX = 6;

let droppedAt = 0;

/** Whether a click is only the end of a drag. */
export const justDropped = () => performance.now() - droppedAt < 80;

export function letCardsBeDragged() {
  for (const list of board().querySelectorAll("[data-cards]")) sortable(/** @type {HTMLElement} */ (list));
}

/** @param {HTMLElement} list */
function sortable(list) {
  /** @type {import("./moving.js").Place} */
  let from = { columnId: "" };
  /** @type {AbortController | null} */
  let escape = null;
  new Sortable(list, {
    group: "cards",
    draggable: ".card",
    filter: ".card-menu",
    preventOnFilter: false,
    animation: mayMove() ? 150 : 0,
    delay: LONG_PRESS_MS,
    delayOnTouchOnly: true,
    touchStartThreshold: CLICK_PX,
    forceFallback: true, // the same hand for mouse and touch, and the card itself is what moves
    fallbackOnBody: true,
    fallbackTolerance: CLICK_PX,
    ghostClass: "card-ghost",
    dragClass: "card-drag",
    scroll: true,
    bubbleScroll: true,
    emptyInsertThreshold: 2000, // the whole column is the target
    onStart(/** @type {{item: HTMLElement}} */ { item }) {
      hold();
      from = placeOf(item);
      escape = letGoOnEscape();
    },
    onEnd(/** @type {{item: HTMLElement}} */ { item }) {
      droppedAt = performance.now();
      const to = placeOf(item);
      if (escape?.signal.aborted) put(item, from);
      else if (!isSame(from, to)) void move(item, to, from);
      escape?.abort();
      release();
    },
  });
}

/** Ends the drag when Escape is pressed. Aborted by it, and by whoever ended the drag otherwise. */
function letGoOnEscape() {
  const escape = new AbortController();
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    escape.abort();
    document.dispatchEvent(new PointerEvent("pointerup"));
  };
  document.addEventListener("keydown", onKey, { capture: true, signal: escape.signal });
  return escape;
}
