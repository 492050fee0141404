// @ts-check
/** Which rooms the socket is in, and entering and leaving those of conversations. */

import { byId, copyOf } from "../page.js";
import { complain } from "../toast.js";

/** @typedef {import("../recado-socket.js").RecadoSocket} RecadoSocket */

const CONVERSATION = "conversation:";

const list = byId("debug-rooms");
const form = /** @type {HTMLFormElement} */ (byId("debug-join"));
const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("conversation"));
/** Titles of conversations by id. @type {Map<string, string>} */
const titles = new Map();

/** @param {() => RecadoSocket | null} current */
export function keepRooms(current) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const socket = current();
    if (socket) socket.join(field.value.trim()).then(() => showRooms(socket)).catch((error) => refuse(socket, error));
  });
  list.addEventListener("click", (event) => {
    const room = /** @type {HTMLElement} */ (event.target).closest("li")?.dataset.room ?? "";
    const socket = current();
    if (!(event.target instanceof HTMLButtonElement) || !socket) return;
    socket.leave(room.slice(CONVERSATION.length)).then(() => showRooms(socket)).catch(complain);
  });
}

/** A conversation that cannot be joined is not tried again. @param {RecadoSocket} socket @param {unknown} error */
function refuse(socket, error) {
  complain(error);
  socket.leave(field.value.trim()).catch(() => {});
}

/** The conversation whose room is listed last, or the one in the field. */
export function currentConversation() {
  const joined = [...list.querySelectorAll("li")].map((room) => room.dataset.room ?? "");
  return joined.findLast((room) => room.startsWith(CONVERSATION))?.slice(CONVERSATION.length) ?? [...titles.keys()][0];
}

/** @param {RecadoSocket} socket */
export async function showRooms(socket) {
  const { rooms } = await socket.roomsList();
  list.replaceChildren(...rooms.map(line));
}

/** Conversations to choose from. @param {RecadoSocket} socket */
export async function offerConversations(socket) {
  const { items } = await socket.conversationList({ view: "all" });
  for (const { id, title } of items) titles.set(id, title);
  byId("debug-conversations").replaceChildren(...items.map(({ id, title }) => new Option(title, id)));
}

/** @param {string} room */
function line(room) {
  const item = copyOf("debug-room");
  const id = room.startsWith(CONVERSATION) ? room.slice(CONVERSATION.length) : "";
  item.dataset.room = room;
  /** @type {HTMLElement} */ (item.querySelector("[data-title]")).textContent = titles.get(id) ?? "";
  /** @type {HTMLElement} */ (item.querySelector("[data-name]")).textContent = room;
  /** @type {HTMLElement} */ (item.querySelector("[data-leave]")).hidden = !id;
  return item;
}
