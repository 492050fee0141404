// @ts-check
/** Short notes at the foot of the page, with one thing to do about them. */

import { byId, copyOf, word } from "./page.js";
import { RecadoError } from "./recado-socket.js";

const MOST = 3;

/**
 * @param {string} text
 * @param {{action?: string, onAction?: () => void, kind?: "problem", ms?: number, about?: string}} [options] `about`: a
 *   newer note about the same takes its place
 */
export function toast(text, { action, onAction, kind, ms = 10_000, about = "" } = {}) {
  const note = copyOf("toast");
  note.dataset.about = about;
  /** @type {HTMLElement} */ (note.querySelector("[data-text]")).textContent = text;
  if (kind) note.dataset.kind = kind;
  const button = /** @type {HTMLButtonElement} */ (note.querySelector("[data-action]"));
  if (action) Object.assign(button, { textContent: action, hidden: false });
  const close = goesAfter(note, ms);
  button.onclick = () => {
    close();
    onAction?.();
  };
  /** @type {HTMLButtonElement} */ (note.querySelector("[data-close]")).onclick = close;
  const all = byId("toasts");
  if (about) all.querySelector(`[data-about="${about}"]`)?.remove();
  all.append(note);
  while (all.children.length > MOST) all.firstElementChild?.remove();
}

/** Say that something was refused or did not get through. @param {unknown} error */
export function complain(error) {
  toast(word("not-done", { reason: reasonOf(error) }), { kind: "problem" });
}

/** What went wrong, in words. @param {unknown} error */
export function reasonOf(error) {
  if (!(error instanceof RecadoError) || error.message === error.code) return word("no-answer");
  return [error.message, ...Object.values(error.fields)].join(" ");
}

/** It stays while somebody reads it or is at its buttons. @param {HTMLElement} note @param {number} ms */
function goesAfter(note, ms) {
  const close = () => note.remove();
  let timer = setTimeout(close, ms);
  for (const come of ["mouseenter", "focusin"]) note.addEventListener(come, () => clearTimeout(timer));
  for (const go of ["mouseleave", "focusout"]) {
    note.addEventListener(go, () => {
      clearTimeout(timer);
      timer = setTimeout(close, ms / 2);
    });
  }
  return close;
}
