// @ts-check
/** What the dialogs of the team's chats have in common. */

import { reasonOf } from "../toast.js";

/** Close by its button or a click beside it. @param {HTMLDialogElement} dialog */
export function letBeClosed(dialog) {
  let began = false; // who selects a text may let go of it beside the dialog
  dialog.onpointerdown = (event) => void (began = isBeside(dialog, event));
  dialog.onclick = (event) => {
    const isClose = /** @type {HTMLElement} */ (event.target).closest("[data-close-dialog]");
    if (isClose || (began && isBeside(dialog, event))) dialog.close();
  };
}

/** @param {HTMLDialogElement} dialog @param {MouseEvent} event */
function isBeside(dialog, { target, clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return target === dialog && (clientX < left || clientX > right || clientY < top || clientY > bottom);
}

/** Do something for a dialog; say in it what was refused. @param {HTMLElement} dialog @param {() => Promise<unknown>} act */
export async function attempt(dialog, act) {
  try {
    await act();
    complainIn(dialog, "");
    return true;
  } catch (error) {
    complainIn(dialog, reasonOf(error));
    return false;
  }
}

/** @param {HTMLElement} dialog @param {string} words */
function complainIn(dialog, words) {
  const place = /** @type {HTMLElement | null} */ (dialog.querySelector("[data-dialog-error]"));
  if (!place) return;
  place.textContent = words;
  place.hidden = !words;
}
