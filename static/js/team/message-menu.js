// @ts-check
/** What one can do with a message of a chat. The server decides; the menu leaves out what it would refuse. */

import { openMenu } from "../menu.js";
import { byId, me } from "../page.js";
import { use } from "../server.js";
import { complain } from "../toast.js";
import { openDetails } from "./details.js";
import { attempt, letBeClosed } from "./dialogs.js";

const RECALL_MS = 5 * 60_000;

/** @param {HTMLElement} button @param {HTMLElement} chat @param {(bubble: HTMLElement) => void} onReply */
export function openMessageMenu(button, chat, onReply) {
  const bubble = /** @type {HTMLElement} */ (button.closest(".message"));
  const { id = "" } = bubble.dataset;
  const allowed = allowedOn(bubble, chat);
  const mine = myEmoji(bubble);
  for (const item of byId("chat-message-menu").querySelectorAll("[data-do]")) {
    /** @type {HTMLElement} */ (item).hidden = !allowed.has(/** @type {HTMLElement} */ (item).dataset.do ?? "");
  }
  /** @type {Record<string, () => unknown>} */
  const doings = {
    reply: () => onReply(bubble),
    copy: () => copy(bubble),
    edit: () => edit(bubble),
    receipts: () => openDetails(`/messages/${id}/receipts/`),
    recall: () => recall(id),
    delete: () => remove(id),
  };
  const choose = (/** @type {HTMLElement} */ { dataset }) => {
    if (dataset.emoji) return react(id, dataset.emoji === mine ? null : dataset.emoji);
    return doings[dataset.do ?? ""]?.();
  };
  openMenu("chat-message-menu", button, (item) => void Promise.resolve(choose(item)).catch(complain), ({ dataset }) => Boolean(mine) && dataset.emoji === mine);
}

/** @param {HTMLElement} bubble @param {HTMLElement} chat */
function allowedOn(bubble, chat) {
  const isMine = bubble.dataset.author === me;
  const at = Date.parse(bubble.querySelector("time")?.dateTime ?? "");
  const allowed = new Set(["reply"]);
  if (wordsOf(bubble)) allowed.add("copy");
  if (isMine) ["edit", "delete", "receipts"].forEach((each) => allowed.add(each));
  if (isMine && Date.now() - at < RECALL_MS) allowed.add("recall");
  if (chat.dataset.kind === "GROUP" && chat.dataset.role !== "MEMBER") allowed.add("delete");
  return allowed;
}

/** @param {HTMLElement} bubble */
const wordsOf = (bubble) => bubble.dataset.words ?? "";

/** @param {HTMLElement} bubble */
function myEmoji(bubble) {
  return /** @type {HTMLElement | null} */ (bubble.querySelector(`.reactions [data-user="${me}"]`))?.dataset.emoji ?? "";
}

/** @param {string} messageId @param {string | null} emoji */
function react(messageId, emoji) {
  return use("message:react", { messageId, emoji }, "PUT", `/api/messages/${messageId}/reaction`);
}

/** @param {HTMLElement} bubble */
function copy(bubble) {
  return navigator.clipboard.writeText(wordsOf(bubble));
}

/** @param {string} messageId */
function recall(messageId) {
  return use("message:recall", { messageId }, "POST", `/api/messages/${messageId}/recall`);
}

/** @param {string} messageId */
function remove(messageId) {
  return use("message:delete", { messageId }, "DELETE", `/api/messages/${messageId}`);
}

/** @param {HTMLElement} bubble */
function edit(bubble) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("edit-dialog"));
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const field = /** @type {HTMLTextAreaElement} */ (dialog.querySelector("textarea"));
  const messageId = bubble.dataset.id ?? "";
  field.value = bubble.dataset.words ?? "";
  letBeClosed(dialog);
  form.onsubmit = async (event) => {
    event.preventDefault();
    const isDone = await attempt(dialog, () => use("message:edit", { messageId, content: field.value }, "PATCH", `/api/messages/${messageId}`));
    if (isDone) dialog.close();
  };
  field.onkeydown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  };
  dialog.showModal();
  field.focus();
}
