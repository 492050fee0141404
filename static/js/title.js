// @ts-check
/** The page's title and icon, which also say in how many conversations something waits for whoever sits here. */

const icon = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=icon][data-news]"));
export const iconAddress = icon?.getAttribute("href") ?? "";
let words = document.title;
let waiting = 0;

/** What the page is called, but for the count. */
export function title() {
  return words;
}

/** @param {string} text */
export function entitle(text) {
  words = text;
  draw();
}

/** @param {number} count */
export function badge(count) {
  waiting = count;
  draw();
}

function draw() {
  document.title = waiting ? `(${waiting}) ${words}` : words;
  icon?.setAttribute("href", (waiting && icon.dataset.news) || iconAddress);
}
