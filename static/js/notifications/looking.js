// @ts-check
/** Which conversations somebody has before their eyes, in any tab: a lock for each, which ends with its tab. */

const PREFIX = "recado:looking:";

/** What is open, by the part of the page that shows it. @type {Map<string, string>} */
const open = new Map();
/** Parts that are shut for the moment. @type {Set<string>} */
const shut = new Set();
/** @type {(() => void)[]} */
let releases = [];
/** @type {((id: string) => void)[]} */
const listeners = [];

document.addEventListener("visibilitychange", look);

/** What a part of this tab shows from now on; empty: nothing. @param {string} part @param {string} id */
export function lookAt(part, id) {
  open.set(part, id);
  look();
}

/** Whether a part can be seen at all. @param {string} part @param {boolean} isOpen */
export function opened(part, isOpen) {
  if (isOpen) shut.delete(part);
  else shut.add(part);
  look();
}

function seen() {
  if (document.hidden) return [];
  return [...open].filter(([part, id]) => id && !shut.has(part)).map(([, id]) => id);
}

/** Be told of every conversation that this tab shows, whenever it comes before somebody's eyes. @param {(id: string) => void} listener */
export function onLook(listener) {
  listeners.push(listener);
  look();
}

/** Whether a visible tab shows it. @param {string} id */
export async function isLookedAt(id) {
  if (!navigator.locks) return seen().includes(id);
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === PREFIX + id);
}

function look() {
  for (const release of releases.splice(0)) release();
  for (const id of seen()) {
    hold(PREFIX + id);
    for (const listener of listeners) listener(id);
  }
}

/** @param {string} name */
function hold(name) {
  const kept = new Promise((resolve) => releases.push(() => resolve(null)));
  void navigator.locks?.request(name, { mode: "shared" }, () => kept);
}
