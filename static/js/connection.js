// @ts-check
/** How things stand with the server, for people to see. */

import { byId, word } from "./page.js";
import { socket } from "./server.js";

export function showConnection() {
  const button = byId("connection");
  const name = /** @type {HTMLElement} */ (button.querySelector("[data-connection-name]"));
  socket.on("state", (state) => {
    if (state === "closed") return;
    button.dataset.state = document.body.dataset.connection = state;
    name.textContent = word(state);
    button.title = byId("connection-words").querySelector(`[data-state="${state}"]`)?.textContent ?? "";
  });
  socket.on("resync", () => location.reload());
  socket.on("session:expired", signedOut);
  document.addEventListener("recado:signed-out", signedOut, { once: true });
}

/** What the page shows is not for whoever sits there now. */
function signedOut() {
  location.assign(`${document.body.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`);
}
