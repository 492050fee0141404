// @ts-check
// Server-rendered fragments becoming elements; the server has escaped everything in them.
import { localise } from "./times.js";

/**
 * @param {string} html
 * @returns {HTMLElement | null} the first element
 */
export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const first = template.content.firstElementChild;
  if (!(first instanceof HTMLElement)) return null;
  localise(template.content);
  return first;
}
