// @ts-check
/** What was written, as the messages that WhatsApp will show: one file each, words beside the first that can carry them. */

import { me } from "../page.js";

/** @typedef {import("./tray.js").TrayFile} TrayFile */
/** @typedef {import("./tray.js").Kind} Kind */
/** @typedef {{id: string, who: string, words: string}} Quoted */
/** @typedef {import("../socket/contract").TemplateDraft} Template */
/**
 * @typedef {{conversationId: string, clientId: string, content: string, type: Kind, file: TrayFile | null,
 *   quoted: Quoted | null, mentionIds: string[], lastSeenSeq: number | null, template: Template | null}} Letter
 * `lastSeenSeq`: the newest event its author had seen; null: to be sent whoever has answered meanwhile. Of a `template`, `content` is what it will read like.
 */

const CAPTIONED = new Set(["IMAGE", "VIDEO", "DOCUMENT"]);

/**
 * @param {string} conversationId @param {string} content @param {TrayFile[]} files @param {Quoted | null} quoted
 * @param {string[]} [mentionIds] colleagues whom the words name
 * @returns {Letter[]}
 */
export function lettersOf(conversationId, content, files, quoted, mentionIds = []) {
  const carrier = files.find((file) => CAPTIONED.has(file.type));
  const letters = files.map((file) => letter(conversationId, file === carrier ? content : "", file));
  if (content && !carrier) letters.push(letter(conversationId, content, null));
  if (letters.length) letters[0].quoted = quoted;
  for (const each of letters) if (each.content) each.mentionIds = mentionIds;
  return letters;
}

/** @param {string} conversationId @param {string} content @param {TrayFile | null} file @param {Template} template @returns {Letter} */
export function templateLetter(conversationId, content, file, template) {
  return { ...letter(conversationId, content, file), type: "TEMPLATE", template };
}

/** @param {string} conversationId @param {string} content @param {TrayFile | null} file @returns {Letter} */
function letter(conversationId, content, file) {
  return { conversationId, clientId: newId(), content, type: file?.type ?? "TEXT", file, quoted: null, mentionIds: [], lastSeenSeq: null, template: null };
}

/** Where the browser keeps what somebody is writing in a conversation: colleagues may share it. @param {string} conversationId */
export function draftOf(conversationId) {
  return `recado:draft:${me}:${conversationId}`;
}

/** crypto.randomUUID exists on https and localhost only. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
