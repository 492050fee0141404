// @ts-check
/** Menus that open beside the button that asks for them. */

import { byId } from "./page.js";

const EDGE = 8;

/**
 * Open a menu (a popover of the page) at a button, with the keys of a menu.
 * @param {string} id
 * @param {HTMLElement} button
 * @param {(item: HTMLElement) => void} onChoose
 * @param {(item: HTMLElement) => boolean} isCurrent
 */
export function openMenu(id, button, onChoose, isCurrent) {
  const menu = byId(id);
  const items = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("[role=menuitem]")].filter((item) => !item.closest("[hidden]")));
  for (const item of items) item.toggleAttribute("aria-current", isCurrent(item));
  menu.onclick = (event) => {
    const item = /** @type {HTMLElement} */ (event.target).closest("[role=menuitem]");
    if (!item || item.matches("[aria-disabled=true]")) return;
    menu.hidePopover();
    now(button).focus();
    onChoose(/** @type {HTMLElement} */ (item));
  };
  menu.onkeydown = (event) => walk(event, items);
  menu.ontoggle = (event) => {
    now(button).setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "closed" && document.activeElement === document.body) now(button).focus();
  };
  menu.showPopover();
  standAt(menu, button);
  (items.find(isCurrent) ?? items[0])?.focus();
}

/** The button, or the one that the server has put in its place meanwhile. @param {HTMLElement} button */
function now(button) {
  if (button.isConnected) return button;
  const same = button.getAttributeNames().find((name) => name.startsWith("data-"));
  const owner = document.getElementById(button.closest("[id]")?.id ?? "");
  return /** @type {HTMLElement | null | undefined} */ (owner?.querySelector(`[${same}]`)) ?? button;
}

/** Below the button, or above it where there is no room. @param {HTMLElement} menu @param {HTMLElement} button */
function standAt(menu, button) {
  const place = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = place.bottom + 4;
  const top = below + height + EDGE <= innerHeight ? below : Math.max(EDGE, place.top - height - 4);
  const left = Math.min(place.right - width < EDGE ? place.left : place.right - width, innerWidth - width - EDGE);
  menu.style.setProperty("top", `${top}px`);
  menu.style.setProperty("left", `${Math.max(EDGE, left)}px`);
}

/** @param {KeyboardEvent} event @param {HTMLElement[]} items */
function walk(event, items) {
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  items.at(to % items.length)?.focus();
}
