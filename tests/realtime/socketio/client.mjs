// The real socket.io-client, driven line by line: commands come in on stdin, what happens goes out on stdout.
// node client.mjs URL OPTIONS (JSON, as for `io()`)
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const [url, options] = process.argv.slice(2);
const socket = io(url, JSON.parse(options));
const say = (happened, ...values) => console.log(JSON.stringify([happened, ...values]));
const watched = new WeakSet();

socket.io.on("open", () => watch(socket.io.engine));
socket.on("connect", () => say("connect"));
socket.on("connect_error", (error) => say("connect_error", error.message, error.data ?? null));
socket.on("disconnect", (reason) => say("disconnect", reason, socket.active));
socket.onAny((...event) => say("event", ...event));

function watch(engine) {
  if (watched.has(engine)) return;
  watched.add(engine);
  engine.on("upgrade", (transport) => say("upgrade", transport.name));
}

// Names that the library keeps for itself, as a hostile client would send them.
function sendRaw(id, data) {
  socket.acks[9_000 + id] = (reply) => say("ack", id, reply);
  socket.packet({ type: 2, id: 9_000 + id, data });
}

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [name, id, ...data] = JSON.parse(line);
  if (name.startsWith("raw ")) sendRaw(id, [name.slice(4), ...data]);
  else if (id === null) socket.emit(name, ...data);
  else socket.emit(name, ...data, (reply) => say("ack", id, reply));
});
lines.on("close", () => {
  socket.disconnect();
});
