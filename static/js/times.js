// @ts-check
/** Times in this browser's zone and words, kept current. */

import { language, word } from "./page.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LATE = HOUR;

const clock = new Intl.DateTimeFormat(language, { timeStyle: "short" });
const shortDate = new Intl.DateTimeFormat(language, { day: "2-digit", month: "2-digit" });
const longDate = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
const datedLong = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric" });
const exact = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });

/** @param {"minute" | "hour" | "day"} unit @param {Intl.NumberFormatOptions["unitDisplay"]} [unitDisplay] */
const inUnit = (unit, unitDisplay = "short") => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay });
const minutes = inUnit("minute");
const hours = inUnit("hour");
const days = inUnit("day", "narrow");

/** Show the times below an element. @param {ParentNode} root */
export function showTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) show(/** @type {HTMLTimeElement} */ (time));
}

/** A span of time in one number: 12 min, 3 h, 2 d. @param {number} ms */
export function span(ms) {
  if (ms < HOUR) return minutes.format(Math.max(1, Math.floor(ms / MINUTE)));
  if (ms < DAY) return hours.format(Math.floor(ms / HOUR));
  return days.format(Math.floor(ms / DAY));
}

/** The day of a time, as a line between messages names it. @param {Date} at */
function dayName(at) {
  const days = daysBetween(at, new Date());
  if (days === 0) return word("today");
  if (days === 1) return word("yesterday");
  return days < 300 ? longDate.format(at) : datedLong.format(at);
}

/** @param {Date} at */
export function dayOf(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** @param {Date} from @param {Date} to */
function daysBetween(from, to) {
  return Math.round((dayOf(to) - dayOf(from)) / DAY);
}

/** @param {HTMLTimeElement} time */
function show(time) {
  const at = new Date(time.dateTime);
  const ago = Date.now() - at.getTime();
  time.textContent = text(at, ago, time.dataset.show ?? "clock");
  time.title = exact.format(at);
  time.toggleAttribute("data-late", time.dataset.show === "elapsed" && ago > LATE);
  time.dataset.shown = "";
}

/** @param {Date} at @param {number} ago @param {string} how */
function text(at, ago, how) {
  if (how === "elapsed") return ago > 7 * DAY ? shortDate.format(at) : ago < MINUTE ? word("just-now") : span(ago);
  if (how === "day") return dayName(at);
  const days = daysBetween(at, new Date());
  if (how === "clock" || days === 0) return clock.format(at);
  if (how === "date") return `${shortDate.format(at)} ${clock.format(at)}`;
  return days === 1 ? word("yesterday") : shortDate.format(at);
}

/** What counts on is shown anew now and then, also when the page comes back into sight. */
export function keepTimes() {
  const again = () => document.querySelectorAll('time:is([data-show="elapsed"], [data-show="recent"], [data-show="day"])').forEach((time) => show(/** @type {HTMLTimeElement} */ (time)));
  setInterval(again, 20_000);
  document.addEventListener("visibilitychange", again);
}
