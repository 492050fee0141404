// @ts-check
/** How things stand with the server, for people to see. */

import { byId, word } from "./page.js";
import { socket } from "./server.js";
import { toast } from "./toast.js";

export function showConnection() {
  const button = byId("connection");
  const name = /** @type {HTMLElement} */ (button.querySelector("[data-connection-name]"));
  socket.on("state", (state) => {
    if (state === "closed") return;
    button.dataset.state = state;
    name.textContent = word(state);
    button.title = byId("connection-words").querySelector(`[data-state="${state}"]`)?.textContent ?? "";
  });
  socket.on("resync", () => location.reload());
  socket.on("session:expired", signedOut);
  document.addEventListener("recado:signed-out", signedOut, { once: true });
}

function signedOut() {
  const way = `${document.body.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`;
  toast(word("signed-out"), { action: word("sign-in"), onAction: () => location.assign(way), ms: 3_600_000 });
}
