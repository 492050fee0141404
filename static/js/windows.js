// @ts-check
/** The 24-hour window as a ring that empties. */

const WHOLE = 24 * 3600_000;
const SOON = 4 * 3600_000;

/** Milliseconds left of a window. @param {string | undefined} expires */
export function leftOf(expires) {
  return expires ? new Date(expires).getTime() - Date.now() : 0;
}

/** @param {ParentNode} root */
export function drawRings(root) {
  for (const ring of root.querySelectorAll(".ring[data-expires]")) drawRing(/** @type {HTMLElement} */ (ring));
}

/** @param {HTMLElement} ring */
export function drawRing(ring) {
  const left = leftOf(ring.dataset.expires);
  ring.dataset.left = left <= 0 ? "none" : left < SOON ? "soon" : "enough";
  const part = Math.min(100, Math.max(0, (100 * left) / WHOLE));
  ring.querySelector(".ring-left")?.setAttribute("stroke-dasharray", `${part} 100`);
}

export function keepRings() {
  setInterval(() => drawRings(document), 60_000);
}
