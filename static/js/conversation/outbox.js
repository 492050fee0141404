// @ts-check
/** What was written and is not at the server yet. Sent again with the same id until the server has answered. */

import { RecadoError } from "../recado-socket.js";
import { ask, socket } from "../server.js";
import { complain } from "../toast.js";
import { draftOf } from "./letters.js";

/** @typedef {import("./letters.js").Letter} Letter */

const AGAIN_MS = 5_000;

/** In the order in which they were written. @type {Map<string, Letter>} */
const letters = new Map();
/** The sends of each conversation, one after the other. @type {Map<string, Promise<unknown>>} */
const lines = new Map();
/** @type {any} */
let timer = 0;

/** Refusals: the server has decided, sending again would not help. */
const FINAL = new Set(["bad_request", "forbidden", "not_found", "conflict", "window_closed", "too_large", "unsupported_by_channel"]);

/** @typedef {{id: string, timestamp: string, recallableUntil?: string | null}} Taken a message that the server has */

/**
 * Send a letter. Resolves with the message when the server has it, or with null when it has to wait for the
 * connection; rejects when the server refuses it.
 * @param {Letter} letter
 * @returns {Promise<Taken | null>}
 */
export function dispatch(letter) {
  letters.set(letter.clientId, letter);
  const turn = (lines.get(letter.conversationId) ?? Promise.resolve()).then(() => attempt(letter));
  lines.set(letter.conversationId, turn.catch(() => {}));
  return turn;
}

/** @param {Letter} letter @returns {Promise<Taken | null>} */
async function attempt(letter) {
  if (waitingIn(letter.conversationId)[0] !== letter) return null; // it has left, or what waits before it goes first
  try {
    const message = await deliver(letter);
    letters.delete(letter.clientId);
    letter.file?.letGo();
    return message;
  } catch (error) {
    if (!(error instanceof RecadoError) || !FINAL.has(error.code)) {
      timer ||= setTimeout(again, AGAIN_MS);
      return null;
    }
    letters.delete(letter.clientId);
    throw error;
  }
}

/** The letters of a conversation that still wait. @param {string} conversationId */
export function waitingIn(conversationId) {
  return [...letters.values()].filter((letter) => letter.conversationId === conversationId);
}

/** @typedef {(letter: Letter, error: RecadoError) => boolean | undefined} OnRefused whether the letter was taken back */
/** @type {OnRefused[]} */
const onRefusals = [];

/** Try again whenever the connection is back, and now and then. @param {OnRefused} onRefused */
export function keepSending(onRefused) {
  onRefusals.push(onRefused);
  if (onRefusals.length > 1) return;
  socket.on("state", (state) => (state === "live" || state === "polling") && again());
  addEventListener("online", again);
  addEventListener("beforeunload", (event) => letters.size && event.preventDefault());
}

function again() {
  clearTimeout(timer);
  timer = 0;
  for (const letter of letters.values()) dispatch(letter).catch((error) => refused(letter, error));
}

/** Its conversation may be open no more: then its words wait there as a draft. @param {Letter} letter @param {RecadoError} error */
function refused(letter, error) {
  if (onRefusals.some((each) => each(letter, error))) return;
  const draft = draftOf(letter.conversationId);
  if (!letter.template) localStorage.setItem(draft, [letter.content, localStorage.getItem(draft)].filter(Boolean).join("\n"));
  complain(error);
}

/** @param {Letter} letter */
function deliver({ conversationId, clientId, content, type, file, quoted, mentionIds, lastSeenSeq, template }) {
  const words = template ? "" : content; // it brings its own
  const data = { undoable: true, conversationId, clientId, content: words, type, replyToId: quoted?.id ?? null, attachmentIds: file ? [file.id] : [], mentionIds, lastSeenSeq, template };
  const fields = { client_id: clientId, content: words, type, reply_to: quoted?.id, attachment_id: file?.id, last_seen_seq: lastSeenSeq, ...fieldsOf(template) };
  return ask("message:send", data, `/conversations/${conversationId}/messages/`, fields);
}

/** As the form of the picker names them. @param {Letter["template"]} template */
function fieldsOf(template) {
  if (!template) return {};
  const { name, language, parameters = {} } = template;
  const filled = Object.entries(parameters).flatMap(([part, values]) => Object.entries(values).map(([key, value]) => [`${part}.${key}`, value]));
  return { template: name, language, ...Object.fromEntries(filled) };
}
