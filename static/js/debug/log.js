// @ts-check
/** Every frame as a line: the newest on top, filtered, held back while paused. */

import { byId, copyOf, language } from "../page.js";
import { toast } from "../toast.js";

const MOST = 1_000;
const GIST = 160;
const ARROWS = { event: "↓", reply: "↩", sent: "↑", note: "•" };

/** @typedef {"event" | "reply" | "sent" | "note"} Kind */

const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium", hourCycle: "h23" });
const lines = byId("debug-lines");
const pause = byId("debug-pause");
/** Lines that came while the log was paused. @type {HTMLElement[]} */
let waiting = [];

/** Make the log's own controls work. */
export function keepLog() {
  byId("debug-filter").addEventListener("input", filterAll);
  byId("debug-kinds").addEventListener("change", filterAll);
  byId("debug-clear").addEventListener("click", () => {
    lines.replaceChildren();
    waiting = [];
    countWaiting();
  });
  byId("debug-copy").addEventListener("click", () => copy(shown().map((line) => line.dataset.json).reverse().join("\n")));
  pause.addEventListener("click", () => {
    pause.setAttribute("aria-pressed", String(!isPaused()));
    if (!isPaused()) add(waiting.splice(0));
    countWaiting();
  });
  lines.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("[data-copy]")) copy(target.closest("li")?.dataset.json ?? "");
  });
}

/**
 * @param {Kind} kind
 * @param {string} type
 * @param {any} frame
 * @param {{isPing?: boolean, isProblem?: boolean}} [marks]
 */
export function write(kind, type, frame, { isPing = false, isProblem = false } = {}) {
  const line = copyOf("debug-line");
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (line.querySelector(`[data-${name}]`));
  Object.assign(line.dataset, { kind: isPing ? "ping" : kind, json: JSON.stringify(frame) });
  line.toggleAttribute("data-problem", isProblem);
  const now = new Date();
  /** @type {HTMLTimeElement} */ (part("time")).dateTime = now.toISOString();
  part("time").dataset.shown = "";
  part("time").textContent = `${clock.format(now)}.${String(now.getMilliseconds()).padStart(3, "0")}`;
  part("arrow").textContent = ARROWS[kind];
  part("type").textContent = type;
  part("seq").textContent = frame.seq === undefined ? "" : `#${frame.seq}`;
  part("gist").textContent = JSON.stringify(frame.data ?? frame.error ?? frame).slice(0, GIST);
  line.querySelector("details")?.addEventListener("toggle", () => (part("json").textContent = JSON.stringify(frame, null, 2)), { once: true });
  if (!isPaused()) return add([line]);
  waiting.push(line);
  countWaiting();
}

/** @param {HTMLElement[]} fresh oldest first */
function add(fresh) {
  for (const line of fresh) {
    filter(line);
    lines.prepend(line);
  }
  while (lines.children.length > MOST) lines.lastElementChild?.remove();
}

function isPaused() {
  return pause.getAttribute("aria-pressed") === "true";
}

function countWaiting() {
  const badge = /** @type {HTMLElement} */ (pause.querySelector("[data-waiting]"));
  badge.hidden = waiting.length === 0;
  badge.textContent = String(waiting.length);
  if (waiting.length > MOST) waiting.shift();
}

function filterAll() {
  for (const line of all()) filter(line);
}

/** All words must be in it, those after a minus must not. @param {HTMLElement} line */
function filter(line) {
  const words = /** @type {HTMLInputElement} */ (byId("debug-filter")).value.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${line.querySelector("[data-type]")?.textContent} ${line.dataset.json}`.toLowerCase();
  const fits = words.every((each) => (each.length > 1 && each.startsWith("-") ? !text.includes(each.slice(1)) : text.includes(each)));
  const box = byId("debug-kinds").querySelector(`[value="${line.dataset.kind}"]`);
  line.hidden = !fits || (box instanceof HTMLInputElement && !box.checked);
}

/** @returns {HTMLElement[]} */
function all() {
  return /** @type {HTMLElement[]} */ ([...lines.children]);
}

function shown() {
  return all().filter((line) => !line.hidden);
}

/** @param {string} text */
async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast(copyOf("debug-copied").textContent ?? "", { ms: 3_000 });
}
