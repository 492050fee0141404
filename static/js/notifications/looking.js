// @ts-check
/** Which conversations somebody has before their eyes, in any tab: a lock for each, which ends with its tab. */

const PREFIX = "recado:looking:";

/** @type {string[]} */
let open = [];
/** @type {(() => void)[]} */
let releases = [];
/** @type {((id: string) => void)[]} */
const listeners = [];

document.addEventListener("visibilitychange", look);

/** What this tab shows from now on. @param {Iterable<string>} ids */
export function lookAt(ids) {
  open = [...ids].filter(Boolean);
  look();
}

/** Be told of every conversation that this tab shows, whenever it comes before somebody's eyes. @param {(id: string) => void} listener */
export function onLook(listener) {
  listeners.push(listener);
  look();
}

/** Whether a visible tab shows it. @param {string} id */
export async function isLookedAt(id) {
  if (!navigator.locks) return !document.hidden && open.includes(id);
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === PREFIX + id);
}

function look() {
  for (const release of releases.splice(0)) release();
  if (document.hidden) return;
  for (const id of open) {
    hold(PREFIX + id);
    for (const listener of listeners) listener(id);
  }
}

/** @param {string} name */
function hold(name) {
  const kept = new Promise((resolve) => releases.push(() => resolve(null)));
  void navigator.locks?.request(name, { mode: "shared" }, () => kept);
}
