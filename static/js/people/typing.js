// @ts-check
/** Who else is typing, in words, wherever the page has a place for it; and telling the others that you are. */

import { me, word } from "../page.js";
import { socket } from "../server.js";
import { dressAgain, dressAll } from "./dressing.js";

/** @typedef {import("./avatar.js").Colleague} Colleague */

const HOOK = "[data-typing-in]";
const AGAIN_MS = 3_000;
const OVER_MS = 7_000; // the server says so after six seconds, if it can

/** By conversation, then by person: who, and the timer that ends it. @type {Map<string, Map<string | null, {name: string, timer: any}>>} */
const typists = new Map();
/** Of your own writing. */
let [writingIn, toldAt] = ["", 0];

export function followTyping() {
  dressAll(HOOK, show);
  socket.on("typing:start", ({ data }) => data.user.id !== me && begin(data.conversationId, data.user));
  socket.on("typing:stop", ({ data }) => end(data.conversationId, data.user.id));
  document.addEventListener("input", (event) => write(/** @type {HTMLElement} */ (event.target)));
  document.addEventListener("focusout", (event) => isComposer(event.target) && stop());
  document.addEventListener("submit", (event) => isComposer(event.target) && stop(), { capture: true });
}

/** @param {string} conversationId @param {Colleague} user */
function begin(conversationId, { id, name }) {
  const here = typists.get(conversationId) ?? new Map();
  typists.set(conversationId, here);
  clearTimeout(here.get(id)?.timer);
  here.set(id, { name, timer: setTimeout(() => end(conversationId, id), OVER_MS) });
  showAgain(conversationId);
}

/** @param {string} conversationId @param {string | null} userId */
function end(conversationId, userId) {
  const here = typists.get(conversationId);
  clearTimeout(here?.get(userId)?.timer);
  here?.delete(userId);
  if (!here?.size) typists.delete(conversationId);
  showAgain(conversationId);
}

/** @param {string} conversationId */
function showAgain(conversationId) {
  dressAgain(`${HOOK}[data-typing-in="${conversationId}"]`);
}

/** @param {HTMLElement} place */
function show(place) {
  const names = [...(typists.get(place.dataset.typingIn ?? "")?.values() ?? [])].map(({ name }) => name);
  const [name, other] = names;
  place.textContent = !name
    ? ""
    : !other
      ? word("is-typing", { name })
      : names.length === 2
        ? word("are-typing", { name, other })
        : word("many-typing", { count: names.length });
}

// Your own

/** @param {unknown} element */
function isComposer(element) {
  return element instanceof HTMLElement && Boolean(element.closest("[data-composer]"));
}

/** @param {HTMLElement} field */
function write(field) {
  if (!isComposer(field) || !(field instanceof HTMLTextAreaElement)) return;
  const id = /** @type {HTMLElement | null} */ (field.closest("[data-conversation]"))?.dataset.conversation ?? "";
  if (!field.value.trim()) return stop();
  if (writingIn === id && Date.now() - toldAt < AGAIN_MS) return;
  if (writingIn && writingIn !== id) stop();
  [writingIn, toldAt] = [id, Date.now()];
  say("typing:start", id);
}

function stop() {
  if (writingIn) say("typing:stop", writingIn);
  writingIn = "";
}

/** Nobody waits for it: without a socket nobody hears it. @param {"typing:start" | "typing:stop"} command @param {string} conversationId */
function say(command, conversationId) {
  socket.send(command, { conversationId }).catch(() => {});
}
