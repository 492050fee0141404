// What people write who use the client in TypeScript; what they must not be able to write stands under @ts-expect-error.
// Compiled by tests/contracts/test_client.py against the declarations alone, without the JavaScript.
import { RecadoError, RecadoSocket } from "../../static/js/recado-socket";

const socket = new RecadoSocket({ url: "wss://recado.example/ws/", token: async () => "jwt", seq: null });
const stop: () => void = socket.on("message:new", ({ data }) => console.log(data.message.content.length));
socket.on("state", (state) => state === "live" && stop());
socket.on("*", (event) => console.log(event.type, event.seq));
socket.on("session:expired", ({ code, reason }) => console.log(code + 1, reason));

export async function work(conversationId: string): Promise<number> {
  await socket.join(conversationId);
  const page = await socket.conversationList({ view: "mine", filters: { status: "OPEN" } });
  const message = await socket.send("message:send", { conversationId, clientId: "c-1", content: "Oi!" });
  const pong = await socket.ping();
  try {
    await socket.conversationUpdate({ conversationId, priority: 1 });
  } catch (error) {
    if (error instanceof RecadoError && error.code === "conflict") console.log(error.current, error.fields);
  }
  return page.items.length + message.version + pong.seq;
}

// @ts-expect-error there is no such event
socket.on("message:knew", () => {});
// @ts-expect-error there is no such command
void socket.send("message:knew", {});
// @ts-expect-error conversationId may not be left out
void socket.conversationGet({});
// @ts-expect-error a view that does not exist
void socket.conversationList({ view: "theirs" });
