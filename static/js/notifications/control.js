// @ts-check
/** The bell: one click asks the browser for everything and tries it out, one more makes it quiet. */

import { byId, me, speak, word } from "../page.js";
import { toast } from "../toast.js";
import { canShow } from "./alerts.js";
import { ding, readySound } from "./sound.js";

const KEY = `recado:alerts:${me}`;

/** Whether somebody wants to be disturbed, at this computer. */
export function isWanted() {
  return localStorage.getItem(KEY) === "on";
}

export function showControl() {
  const bell = /** @type {HTMLButtonElement} */ (byId("alerts"));
  bell.hidden = false;
  draw(bell);
  bell.onclick = () => void (isWanted() ? quiet(bell) : wake(bell));
  addEventListener("storage", ({ key }) => key === KEY && draw(bell));
  document.addEventListener("visibilitychange", () => draw(bell)); // the browser's settings may be others now
  for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, () => isWanted() && readySound(), { once: true, capture: true });
}

/** @param {HTMLButtonElement} bell */
async function wake(bell) {
  localStorage.setItem(KEY, "on");
  readySound(); // the click allows it, what follows a question does not
  draw(bell);
  if ("Notification" in globalThis && Notification.permission === "default") await Notification.requestPermission();
  draw(bell);
  ding();
  if (canShow()) speak(bell.title);
  else toast(bell.title);
}

/** @param {HTMLButtonElement} bell */
function quiet(bell) {
  localStorage.removeItem(KEY);
  draw(bell);
  speak(bell.title);
}

/** @param {HTMLButtonElement} bell */
function draw(bell) {
  const state = !isWanted() ? "off" : canShow() ? "on" : "sound";
  bell.dataset.state = state;
  bell.title = word(`alerts-${state}`);
  bell.setAttribute("aria-pressed", String(isWanted()));
}
