// @ts-check
/** A colleague as the server draws one: initials on a colour of their own (recado.initials, recado.hue). */

import { copyOf } from "../page.js";

const HUES = 12;

/** @typedef {import("../socket/contract.d.ts").Ref} Colleague */

/** @param {Colleague} colleague @param {string} title */
export function avatarOf({ id, name }, title) {
  const avatar = copyOf("colleague");
  avatar.dataset.person = id ?? "";
  avatar.dataset.hue = String(parseInt((id ?? "").replaceAll("-", "").slice(-4), 16) % HUES);
  avatar.title = title;
  /** @type {HTMLElement} */ (avatar.querySelector("[data-initials]")).textContent = initials(name);
  /** @type {HTMLElement} */ (avatar.querySelector("[data-words]")).textContent = title;
  return avatar;
}

/** @param {string} name */
function initials(name) {
  const words = name.split(/[\s\-+]+/).filter((each) => /^\p{L}/u.test(each));
  const some = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return some.map((each) => each.slice(0, 1)).join("").toUpperCase() || name.trim().slice(0, 1) || "?";
}
