// @ts-check
/** What the page shows of people by itself: found wherever the server's HTML puts a hook for it, at once and later. */

/** @type {{selector: string, dress: (element: HTMLElement) => void}[]} */
const dressers = [];

/** Dress every element that matches, now and whenever one comes into the page. @param {string} selector @param {(element: HTMLElement) => void} dress */
export function dressAll(selector, dress) {
  dressers.push({ selector, dress });
  if (dressers.length === 1) new MutationObserver(dressAdded).observe(document.body, { childList: true, subtree: true });
  dressAgain(selector);
}

/** What they show has changed. @param {string} selector */
export function dressAgain(selector) {
  for (const { dress } of dressers.filter((each) => selector.startsWith(each.selector))) {
    for (const element of document.querySelectorAll(selector)) dress(/** @type {HTMLElement} */ (element));
  }
}

/** @param {MutationRecord[]} records */
function dressAdded(records) {
  for (const { addedNodes } of records) {
    for (const node of addedNodes) if (node instanceof HTMLElement) dressBelow(node);
  }
}

/** @param {HTMLElement} root */
function dressBelow(root) {
  for (const { selector, dress } of dressers) {
    if (root.matches(selector)) dress(root);
    for (const element of root.querySelectorAll(selector)) dress(/** @type {HTMLElement} */ (element));
  }
}
