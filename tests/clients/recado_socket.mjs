// The JavaScript client outside a browser: says on stdout which events it hands on, and how it is connected.
// node recado_socket.mjs URL SEQ
import { WebSocket } from "ws";
import { RecadoSocket } from "../../static/js/recado-socket.js";

globalThis.WebSocket ??= WebSocket; // Node before 22

const [url, seq] = process.argv.slice(2);
const socket = new RecadoSocket({ url: `${url}/ws/`, eventsUrl: `${url}/api/events`, seq: Number(seq) });
const say = (...happened) => console.log(JSON.stringify(happened));

socket.on("*", (event) => say("event", event.seq));
socket.on("resync", ({ seq }) => say("resync", seq));
socket.on("state", (state) => say("state", state));
void socket.join("c-1");
socket.connect();
