// @ts-check
/** Who is there: dots on avatars, what you choose to be, and away when you do nothing. */

import { byId, word } from "../page.js";
import { socket } from "../server.js";
import { complain } from "../toast.js";
import { askNowAndThen } from "./asking.js";
import { dressAgain, dressAll } from "./dressing.js";

/** @typedef {import("../socket/contract.d.ts").Presence} Presence */
/** @typedef {"online" | "away" | "busy" | "offline"} Availability */

const PERSON = "[data-person]";
const LOOK_MS = 2_000;
const ACTIVITIES = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

/** Those who are connected, by id. @type {Map<string, Presence>} */
const present = new Map();
/** When somebody was last heard of, by id: processes may tell in another order than things happened. @type {Map<string, string>} */
const heardAt = new Map();
/** Of the list that was fetched; null once something else was heard. @type {string | null} */
let known = null;
let awayAfter = Infinity;
let lastActive = Date.now();
let isIdle = false;

export function followPresence() {
  dressAll(PERSON, showPerson);
  socket.on("presence:changed", ({ at, data }) => data.presences.forEach((each) => take(each, at)));
  socket.on("connected", (data) => {
    awayAfter = data.awayAfter * 1000;
    isIdle = false; // a new socket is not
  });
  askNowAndThen(ask);
  noticeActivity();
  chooseAvailability();
}

async function ask() {
  const { items, stamp } = await socket.send("presence:list", { known });
  known = stamp;
  if (!items) return; // still as we have it
  present.clear();
  for (const each of items) present.set(each.userId, each);
  dressAgain(PERSON);
}

/** @param {Presence} presence @param {string} [at] */
function take(presence, at = "") {
  const id = presence.userId;
  if ((heardAt.get(id) ?? "") > at) return;
  heardAt.set(id, at);
  known = null;
  present.set(id, presence);
  dressAgain(`${PERSON}[data-person="${id}"]`);
}

/** The name of the person, and in words what the dot says. @param {HTMLElement} avatar */
function showPerson(avatar) {
  const status = present.get(avatar.dataset.person ?? "")?.status ?? "offline";
  avatar.dataset.presence = status;
  const { name } = avatar.dataset;
  if (name) avatar.title = `${name} · ${word(`presence-${status}`)}`;
}

// What you choose to be

function chooseAvailability() {
  const choice = byId("availability");
  choice.addEventListener("click", async (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (!button) return;
    const status = /** @type {Availability} */ (button.value);
    try {
      mark(choice, (await socket.send("presence:update", { status })).availability);
    } catch (error) {
      complain(error);
    }
  });
  socket.on("presence:changed", ({ data }) => {
    const mine = data.presences.find((each) => each.userId === choice.dataset.of);
    if (mine) mark(choice, mine.availability);
  });
}

/** @param {HTMLElement} choice @param {string} availability */
function mark(choice, availability) {
  for (const button of choice.querySelectorAll("button")) button.setAttribute("aria-checked", String(button.value === availability));
}

// Away when you do nothing

function noticeActivity() {
  for (const activity of ACTIVITIES) addEventListener(activity, wake, { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());
  setInterval(() => Date.now() - lastActive >= awayAfter && tell(true), LOOK_MS);
}

function wake() {
  lastActive = Date.now();
  if (isIdle) tell(false);
}

/** @param {boolean} idle */
function tell(idle) {
  if (idle === isIdle || socket.state !== "live") return;
  isIdle = idle;
  socket.send("presence:update", { idle }).catch(() => (isIdle = !idle));
}
