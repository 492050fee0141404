// @ts-check
/** Notifications on the desktop, with a sound: one for each conversation, gone when it was read. */

import { word } from "../page.js";
import { iconAddress } from "../title.js";
import { ding } from "./sound.js";

/** @typedef {import("./news.js").News} News */

const MOST = 3;
const ALL = "all";

/** @type {Map<string, Notification>} by conversation */
const shown = new Map();

/** @param {News[]} news */
export function notify(news) {
  if (!news.length) return;
  ding();
  if (!canShow()) return;
  if (news.length <= MOST) for (const one of news) show(one.conversationId, one.title, one.words, one.href);
  else show(ALL, "Recado", word("much-news", { count: news.length }), "/");
}

/** @param {string} conversationId */
export function close(conversationId) {
  shown.get(conversationId)?.close();
  shown.delete(conversationId);
}

/** Whether the browser lets this page show any. */
export function canShow() {
  return "Notification" in globalThis && Notification.permission === "granted";
}

/** @param {string} id @param {string} title @param {string} body @param {string} href */
function show(id, title, body, href) {
  close(id);
  const notification = made(title, { body, tag: id, icon: iconAddress, silent: true });
  if (!notification) return;
  shown.set(id, notification);
  notification.onclick = () => {
    close(id);
    focus();
    open(href);
  };
}

/** Phones have the constructor and refuse to be constructed with. @param {string} title @param {NotificationOptions} options */
function made(title, options) {
  try {
    return new Notification(title, options);
  } catch {
    return null;
  }
}

/** In the page, if it can; else as a page of its own. @param {string} href */
function open(href) {
  const asked = new CustomEvent("recado:open", { detail: { href }, cancelable: true });
  if (document.dispatchEvent(asked)) location.assign(href);
}
