// @ts-check
/** From events to what people notice: a count, and where they look elsewhere a notification and a sound. */

import { word } from "../page.js";
import { socket } from "../server.js";
import { toast } from "../toast.js";
import { close, notify } from "./alerts.js";
import { isWanted, showControl } from "./control.js";
import { isLookedAt, onLook } from "./looking.js";
import { newsIn } from "./news.js";
import { forget, keepCount, remember } from "./pending.js";
import { speaks, takeTurns } from "./speaker.js";

/** One batch after the other: what is over must not be remembered later. @type {Promise<unknown>} */
let taken = Promise.resolve();

export function followNotifications() {
  if (!document.getElementById("alerts")) return;
  showControl();
  keepCount();
  takeTurns();
  onLook(end);
  socket.on("batch", (events) => (taken = taken.then(() => take(events)).catch(reportError)));
  socket.on("notification:new", ({ data }) => data.kind === "REACTION_REFUSED" && !document.hidden && toast(word("reaction-refused", { name: data.title, reason: data.preview }), { kind: "problem" }));
}

/** @param {import("../recado-socket.js").RecadoEvent[]} events */
async function take(events) {
  const { news, over } = newsIn(events);
  over.forEach(end);
  if (!news.length || !speaks()) return;
  const looked = await Promise.all(news.map(({ conversationId }) => isLookedAt(conversationId)));
  const unseen = news.filter((_, place) => !looked[place]);
  for (const { conversationId } of unseen) remember(conversationId);
  if (isWanted()) notify(unseen);
}

/** @param {string} conversationId */
function end(conversationId) {
  close(conversationId);
  forget(conversationId);
}
