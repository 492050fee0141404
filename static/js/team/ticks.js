// @ts-check
/** How far one's own messages have come with everybody: a bubble says its place, the chat what everybody has got and read. */

import { me } from "../page.js";
import { socket } from "../server.js";

/** @param {() => HTMLElement | null} open the chat in sight */
export function followTicks(open) {
  for (const type of /** @type {const} */ (["message:delivered", "message:read"])) {
    socket.on(type, ({ data }) => {
      const chat = open();
      if (chat?.dataset.conversation === data.conversationId) takePlaces(chat, data);
    });
  }
}

/** They only grow: what comes late changes nothing. @param {HTMLElement} chat @param {{deliveredPlace: number, readPlace: number}} places */
function takePlaces(chat, { deliveredPlace, readPlace }) {
  chat.dataset.deliveredPlace = String(Math.max(deliveredPlace, Number(chat.dataset.deliveredPlace)));
  chat.dataset.readPlace = String(Math.max(readPlace, Number(chat.dataset.readPlace)));
  drawTicks(chat);
}

/** @param {HTMLElement} chat */
export function drawTicks(chat) {
  const [delivered, read] = [Number(chat.dataset.deliveredPlace), Number(chat.dataset.readPlace)];
  for (const bubble of chat.querySelectorAll(`.message[data-place][data-author="${me}"]`)) {
    const place = Number(/** @type {HTMLElement} */ (bubble).dataset.place);
    bubble.setAttribute("data-reach", place <= read ? "READ" : place <= delivered ? "DELIVERED" : "SENT");
  }
}
