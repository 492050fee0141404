// @ts-check
/** What can be done with one message, and why not: react to it, answer it, copy it, take it back while it waits here. */

import { openMenu } from "../menu.js";
import { byId, me, speak, word } from "../page.js";
import { socket, use } from "../server.js";
import { complain } from "../toast.js";
import { release } from "./undo.js";

/** @typedef {{reply: (bubble: HTMLElement) => void, undone: (letter: import("./letters.js").Letter) => void}} Hooks */

/** @param {HTMLElement} conversation @param {Hooks} hooks */
export function letMessagesBeActedOn(conversation, hooks) {
  conversation.querySelector("[data-messages]")?.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const bubble = /** @type {HTMLElement | null} */ (target.closest(".message"));
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-message-menu]"));
    if (!bubble) return;
    if (target.closest("[data-reply]")) hooks.reply(bubble);
    else if (target.closest("[data-undo]")) void takeBack(bubble, hooks);
    else if (button) open(bubble, button, conversation, hooks);
  });
}

/** @param {HTMLElement} bubble @param {HTMLElement} button @param {HTMLElement} conversation @param {Hooks} hooks */
function open(bubble, button, conversation, hooks) {
  const isCustomers = conversation.dataset.kind === "CUSTOMER";
  const isOpen = !conversation.querySelector("[data-composer][data-closed]");
  const ours = emojiOn(bubble);
  const words = bubble.querySelector(".bubble-text .words")?.textContent ?? "";
  const isOurs = bubble.dataset.side === "out";
  const waits = isOurs && bubble.dataset.author === me && bubble.dataset.status === "PENDING";
  const menu = byId("message-menu");
  part(menu, "copy").hidden = !words;
  part(menu, "recall").hidden = !waits;
  /** @type {HTMLElement} */ (menu.querySelector("[data-impossible]")).hidden = !isOurs || !isCustomers || waits;
  /** @type {HTMLElement} */ (menu.querySelector("[data-emojis]")).hidden = isOurs || !isCustomers || !isOpen;
  const choose = (/** @type {HTMLElement} */ { dataset }) => {
    if (dataset.emoji) void react(bubble, dataset.emoji === ours ? null : dataset.emoji);
    else act(dataset.act ?? "", bubble, words, hooks);
  };
  openMenu("message-menu", button, choose, ({ dataset }) => Boolean(ours) && dataset.emoji === ours);
}

/** The business's: WhatsApp keeps one of it, whoever of us it is from. @param {HTMLElement} bubble */
function emojiOn(bubble) {
  return /** @type {HTMLElement | null} */ (bubble.querySelector(".reactions [data-emoji]"))?.dataset.emoji ?? "";
}

/** @param {HTMLElement} bubble @param {string | null} emoji null takes it away */
async function react(bubble, emoji) {
  const { id: messageId = "" } = bubble.dataset;
  await use("message:react", { messageId, emoji }, "PUT", `/api/messages/${messageId}/reaction`).catch(complain);
}

/** @param {string} name @param {HTMLElement} bubble @param {string} words @param {Hooks} hooks */
function act(name, bubble, words, hooks) {
  if (name === "reply") hooks.reply(bubble);
  if (name === "copy") void navigator.clipboard.writeText(words).then(() => speak(word("copied")));
  if (name === "recall") void takeBack(bubble, hooks);
}

/** @param {HTMLElement} bubble @param {Hooks} hooks */
async function takeBack(bubble, hooks) {
  const one = release(bubble);
  try {
    await socket.ask("message:recall", { messageId: one?.id ?? bubble.dataset.id ?? "" });
    if (one) hooks.undone(one.letter);
  } catch (error) {
    complain(error);
  }
}

/** @param {HTMLElement} menu @param {string} act @returns {HTMLElement} */
function part(menu, act) {
  return /** @type {HTMLElement} */ (menu.querySelector(`[data-act=${act}]`));
}
