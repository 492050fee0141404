// @ts-check
/** A colleague as the server draws one: initials on a colour of their own (recado.initials, recado.hue). */

import { copyOf } from "../page.js";

const HUES = 12;

/** @typedef {import("../socket/contract.d.ts").Ref} Colleague */

/** @param {Colleague} colleague @param {string} title */
export function avatarOf({ id, name }, title) {
  const avatar = copyOf("colleague");
  avatar.dataset.person = id ?? "";
  avatar.dataset.hue = colourOf(id ?? "");
  avatar.title = title;
  /** @type {HTMLElement} */ (avatar.querySelector("[data-initials]")).textContent = initialsOf(name);
  /** @type {HTMLElement} */ (avatar.querySelector("[data-words]")).textContent = title;
  return avatar;
}

/** @param {string} id */
export function colourOf(id) {
  return String(parseInt(id.replaceAll("-", "").slice(-4), 16) % HUES);
}

/** @param {string} name */
export function initialsOf(name) {
  const words = name.split(/[\s\-+]+/).filter((each) => /^\p{L}/u.test(each));
  const some = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return some.map((each) => each.slice(0, 1)).join("").toUpperCase() || name.trim().slice(0, 1) || "?";
}
