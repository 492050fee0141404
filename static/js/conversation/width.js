// @ts-check
/** The panel is as wide as somebody likes it, and remembers. */

import { byId } from "../page.js";

const KEY = "recado:panel-width";
const [NARROWEST, WIDEST, STEP] = [420, 560, 20];

export function letPanelBeResized() {
  const grip = document.querySelector("[data-panel-grip]");
  if (!(grip instanceof HTMLElement)) return;
  wear(grip, Number(localStorage.getItem(KEY)) || 0);
  grip.onpointerdown = (event) => {
    grip.setPointerCapture(event.pointerId);
    grip.dataset.dragging = "";
  };
  grip.onpointermove = (event) => grip.hasPointerCapture(event.pointerId) && choose(grip, byId("panel").getBoundingClientRect().right - event.clientX);
  grip.onpointerup = () => delete grip.dataset.dragging;
  grip.onkeydown = (event) => {
    const by = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    choose(grip, byId("panel").offsetWidth + by);
  };
}

/** @param {HTMLElement} grip @param {number} width */
function choose(grip, width) {
  const kept = Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)));
  localStorage.setItem(KEY, String(kept));
  wear(grip, kept);
}

/** @param {HTMLElement} grip @param {number} width */
function wear(grip, width) {
  if (!width) return;
  document.documentElement.style.setProperty("--panel", `${width}px`);
  grip.setAttribute("aria-valuenow", String(width));
}
