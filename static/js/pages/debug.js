// @ts-check
/** The page that looks into a socket: its connection, its rooms, any command, and everything that passes. */

import { composeCommands } from "../debug/composer.js";
import { keepLog, write } from "../debug/log.js";
import { currentConversation, keepRooms, offerConversations, showRooms } from "../debug/rooms.js";
import { byId, language } from "../page.js";
import { RecadoSocket } from "../recado-socket.js";
import { chooseTheme } from "../theme.js";
import { complain } from "../toast.js";

const connect = /** @type {HTMLFormElement} */ (byId("debug-connect"));
const facts = byId("debug-facts");
/** @type {RecadoSocket | null} */
let socket = null;
/** What was asked, until it is answered. @type {Map<string, {command: string, at: number}>} */
const asked = new Map();

chooseTheme();
keepLog();
keepRooms(() => socket);
void composeCommands((command, data) => socket?.ask(command, data).catch(() => {}), currentConversation);

connect.addEventListener("submit", (event) => {
  event.preventDefault();
  socket?.disconnect();
  socket = opened(new FormData(connect));
  socket.connect();
});
connect.querySelector("[data-disconnect]")?.addEventListener("click", () => socket?.disconnect());
if (connect.checkValidity()) connect.requestSubmit();

/** @param {FormData} options */
function opened(options) {
  const token = String(options.get("token") ?? "").trim();
  const made = new RecadoSocket({ token: token || undefined, html: options.has("html"), language });
  made.on("state", (state) => made === socket && showState(state));
  made.on("connected", (welcome) => {
    fact("person", `${welcome.user.name} (${welcome.user.role})`);
    fact("tenant", welcome.tenant.name);
    fact("socket", welcome.socketId);
    fact("seq", `#${welcome.seq}`);
    facts.hidden = false;
    offerConversations(made).then(() => showRooms(made)).catch(complain);
  });
  made.on("sent", hearSent);
  made.on("received", hear);
  made.on("session:expired", (ending) => note("session:expired", ending, `${ending.code} ${ending.reason}`));
  made.on("resync", (where) => note("resync", where));
  return made;
}

/** @param {import("../recado-socket.js").ConnectionState} state */
function showState(state) {
  byId("debug-state").dataset.state = state;
  note(state, { state });
  const isOpen = state === "live" || state === "catching-up";
  for (const button of document.querySelectorAll("[data-needs-socket]")) button.toggleAttribute("disabled", !isOpen);
  connect.querySelector("[data-disconnect]")?.toggleAttribute("disabled", state === "closed");
  if (state === "closed") byId("debug-rooms").replaceChildren();
}

/** @param {{type: string, requestId: string, data: object}} frame */
function hearSent(frame) {
  asked.set(frame.requestId, { command: frame.type, at: performance.now() });
  write("sent", frame.type, frame, { isPing: frame.type === "ping" });
}

/** @param {any} frame */
function hear(frame) {
  if (frame.seq) fact("seq", `#${frame.seq}`);
  if (frame.type !== "reply") return write("event", frame.type, frame);
  const { command = "?", at = 0 } = asked.get(frame.requestId) ?? {};
  asked.delete(frame.requestId);
  fact("latency", `${(performance.now() - at).toFixed(1)} ms`);
  write("reply", command, frame, { isPing: command === "ping", isProblem: frame.status === "error" });
  if (command === "conversation:join" || command === "conversation:leave") refreshRooms();
}

/** Commands of one's own may have changed them. */
function refreshRooms() {
  if (socket) showRooms(socket).catch(() => {});
}

/** @param {string} type @param {object} detail @param {string} [close] */
function note(type, detail, close) {
  write("note", type, detail);
  if (close) fact("close", close);
}

/** @param {string} name @param {string} text */
function fact(name, text) {
  /** @type {HTMLElement} */ (facts.querySelector(`[data-fact="${name}"]`)).textContent = text;
}
