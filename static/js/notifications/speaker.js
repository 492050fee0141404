// @ts-check
/** One tab speaks for all of them: the one that was touched last, because browsers let only such make a sound. */

import { me } from "../page.js";

const NAME = `recado:speaker:${me}`;

let isSpeaker = !navigator.locks;

/** Whether this tab speaks now. */
export function speaks() {
  return isSpeaker;
}

export function takeTurns() {
  wait({});
  for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, takeOver, { once: true, capture: true });
}

function takeOver() {
  if (!isSpeaker) wait({ steal: true });
}

/** @param {LockOptions} options */
function wait(options) {
  navigator.locks
    ?.request(NAME, options, () => {
      isSpeaker = true;
      return new Promise(() => {}); // as long as the tab is there
    })
    .catch(() => {
      isSpeaker = false; // another one was touched
      wait({});
    });
}
