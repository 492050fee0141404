// @ts-check
// Times in the reader's own zone and language, and the lines between days.

const language = document.documentElement.lang || undefined;
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const shortDay = new Intl.DateTimeFormat(language, { day: "2-digit", month: "2-digit" });
const longDay = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
const moment = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

/** @type {Record<string, (at: Date) => string>} */
const formats = {
  clock: (at) => clock.format(at),
  moment: (at) => moment.format(at),
  short: (at) => (daysAgo(at) === 0 ? clock.format(at) : shortDay.format(at)),
};

/**
 * @param {Date} at
 * @returns {number}
 */
function daysAgo(at) {
  const midnight = (/** @type {Date} */ day) => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
  return Math.round((midnight(new Date()) - midnight(at)) / 86_400_000);
}

/** @param {Date} at */
function dayName(at) {
  const ago = daysAgo(at);
  const name = ago < 2 ? relative.format(-ago, "day") : longDay.format(at);
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

/** @param {ParentNode} root */
export function localise(root) {
  for (const element of root.querySelectorAll("time[data-time]")) {
    const at = new Date(element.getAttribute("datetime") ?? "");
    element.textContent = formats[element.getAttribute("data-time") ?? "clock"](at);
  }
}

/**
 * Put a line with the day above the first bubble of each day.
 * @param {HTMLElement} list
 * @param {HTMLTemplateElement} line
 */
export function drawDays(list, line) {
  for (const old of list.querySelectorAll(".day")) old.remove();
  let last = "";
  for (const bubble of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(".bubble"))) {
    const name = dayName(new Date(bubble.dataset.at ?? ""));
    if (name !== last) {
      const copy = /** @type {DocumentFragment} */ (line.content.cloneNode(true));
      const time = copy.querySelector("time");
      if (time) time.textContent = name;
      bubble.before(copy);
    }
    last = name;
  }
}
