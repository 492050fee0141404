// @ts-check
/** What the dialogs of the team's chats have in common. */

import { reasonOf } from "../toast.js";

/** Close by its button or a click beside it. @param {HTMLDialogElement} dialog */
export function letBeClosed(dialog) {
  dialog.onclick = (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target === dialog || target.closest("[data-close-dialog]")) dialog.close();
  };
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
