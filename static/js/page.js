// @ts-check
/** What the page carries for its scripts: words, templates, the token of its forms. */

/** The one element with this id. @param {string} id */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found;
}

/**
 * A sentence of `layout/_words.html`, in the page's language.
 * @param {string} name
 * @param {Record<string, string | number>} [values] for its {placeholders}
 */
export function word(name, values = {}) {
  const words = /** @type {HTMLTemplateElement} */ (byId("words")).content;
  const text = words.querySelector(`[data-word="${name}"]`)?.textContent ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));
}

/** The first element of a <template>, copied. @param {string} id @returns {HTMLElement} */
export function copyOf(id) {
  const template = /** @type {HTMLTemplateElement} */ (byId(id));
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
}

/** The server's HTML as an element. @param {string} html @returns {HTMLElement} */
export function elementOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return /** @type {HTMLElement} */ (template.content.firstElementChild);
}

/** Say something to those who do not see the page. @param {string} text */
export function speak(text) {
  const region = byId("spoken");
  region.textContent = "";
  requestAnimationFrame(() => (region.textContent = text));
}

/** Whether things may move. */
export function mayMove() {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** The id of whoever is signed in. */
export const me = document.body.dataset.me ?? "";

/** The browser's language is not asked: the page has one. */
export const language = document.documentElement.lang;
