// @ts-check
/** What of the server's events concerns whoever sits here, and what is over again. */

import { me, word } from "../page.js";

/** @typedef {import("../recado-socket.js").RecadoEvent} RecadoEvent */
/** @typedef {import("../socket/contract").Events["notification:new"]} Told */
/** @typedef {{conversationId: string, title: string, words: string, href: string}} News */

/**
 * What is new after these events, by conversation, and which conversations hold nothing new any more.
 * @param {RecadoEvent[]} events
 */
export function newsIn(events) {
  /** @type {Map<string, News>} */
  const news = new Map();
  /** @type {Set<string>} */
  const over = new Set();
  for (const event of events) {
    const one = newsOf(event);
    if (one) {
      news.set(one.conversationId, one);
      over.delete(one.conversationId);
    } else if (isOver(event)) {
      news.delete(event.data.conversationId);
      over.add(event.data.conversationId);
    }
  }
  return { news: [...news.values()], over };
}

/** @param {RecadoEvent} event @returns {News | null} */
function newsOf({ type, data }) {
  if (type === "notification:new") return told(data);
  if (type !== "conversation:new" || data.conversation.kind !== "CUSTOMER" || data.conversation.assignee) return null;
  const { title, lastMessage } = data.conversation; // somebody new, and nobody has them yet
  const { conversationId } = data;
  return { conversationId, title, words: wordsOf(lastMessage?.preview, lastMessage?.type), href: `/conversations/${conversationId}/` };
}

/** @param {Told} data @returns {News | null} */
function told({ kind, conversationId, title, preview, messageType, by }) {
  const said = wordsOf(preview, messageType);
  /** @type {Partial<Record<string, string>>} */
  const words = { ASSIGNED: word("given-to-you", { name: by.name }), MESSAGE: said, DIRECT: said, MENTION: `${by.name}: ${said}` };
  const place = kind === "DIRECT" || kind === "MENTION" ? "team" : "conversations";
  const found = words[kind];
  return found === undefined ? null : { conversationId, title, words: found, href: `/${place}/${conversationId}/` };
}

/** @param {string | undefined} preview @param {string | null | undefined} type */
function wordsOf(preview, type) {
  return preview || (type ? word(`type-${type}`) : "");
}

/** Whether it was read, by oneself or for all, or somebody else takes care of it. @param {RecadoEvent} event */
function isOver({ type, data }) {
  if (type === "message:read") return data.userId === me;
  if (type === "group:left") return data.userIds.includes(me);
  if (type !== "conversation:updated") return false;
  const { unreadCount, assignee } = data.updates;
  return unreadCount === 0 || Boolean(assignee && assignee.id !== me);
}
