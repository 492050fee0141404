// @ts-check
/** What can be done with one message, and why not: answer it, copy it, take it back while it waits here. */

import { openMenu } from "../menu.js";
import { byId, me, speak, word } from "../page.js";
import { socket } from "../server.js";
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
    else if (button) open(bubble, button, conversation.dataset.kind === "CUSTOMER", hooks);
  });
}

/** @param {HTMLElement} bubble @param {HTMLElement} button @param {boolean} isCustomers @param {Hooks} hooks */
function open(bubble, button, isCustomers, hooks) {
  const words = bubble.querySelector(".bubble-text .words")?.textContent ?? "";
  const isOurs = bubble.dataset.side === "out";
  const waits = isOurs && bubble.dataset.author === me && bubble.dataset.status === "PENDING";
  const menu = byId("message-menu");
  part(menu, "copy").hidden = !words;
  part(menu, "recall").hidden = !waits;
  /** @type {HTMLElement} */ (menu.querySelector("[data-impossible]")).hidden = !isOurs || !isCustomers || waits;
  openMenu("message-menu", button, (item) => act(item.dataset.act ?? "", bubble, words, hooks), () => false);
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
