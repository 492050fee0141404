// @ts-check
/** How many cards a column has: counted on the page at once, by the server a moment later. */

import { byId } from "../page.js";
import { get } from "../server.js";

const SOON_MS = 400;
const CAP = 1000;

/** @type {any} */
let timer = 0;

/** Some card came, went or moved. */
export function countAgain() {
  timer ||= setTimeout(fetchCounts, SOON_MS);
}

async function fetchCounts() {
  timer = 0;
  const { counts, view } = byId("board").dataset;
  const url = new URL(counts ?? "", location.href);
  url.searchParams.set("view", view ?? "all");
  try {
    for (const [columnId, [shown, total]] of Object.entries(await get(url))) show(columnId, shown, total);
  } catch {
    // the next change counts again
  }
}

/** @param {string} columnId @param {number} shown @param {number} total */
function show(columnId, shown, total) {
  const count = /** @type {HTMLElement | null} */ (document.querySelector(`[data-column="${columnId}"] [data-count]`));
  if (!count) return;
  const { limit, pattern } = count.dataset;
  count.textContent = pattern
    ? pattern.replace("{shown}", number(shown)).replace("{total}", number(total))
    : limit
      ? `${number(total)}/${limit}`
      : number(total);
  count.toggleAttribute("data-over", Boolean(limit) && total > Number(limit));
}

/** @param {number} count */
function number(count) {
  return count >= CAP ? `${CAP - 1}+` : String(count);
}
