// @ts-check
/** Who else looks at a conversation: in its head and on its card. */

import { me, word } from "../page.js";
import { socket } from "../server.js";
import { askNowAndThen } from "./asking.js";
import { avatarOf } from "./avatar.js";
import { dressAgain, dressAll } from "./dressing.js";

/** @typedef {import("./avatar.js").Colleague} Colleague */

const HOOK = "[data-viewers-of]";
const MOST = 3;

/** By conversation. @type {Map<string, Colleague[]>} */
const viewers = new Map();
/** When a conversation's were last told. @type {Map<string, string>} */
const heardAt = new Map();

export function followViewers() {
  dressAll(HOOK, show);
  socket.on("conversation:viewers", ({ at, data }) => take(data.conversationId, data.viewers, at));
  askNowAndThen(ask);
}

async function ask() {
  const { items } = await socket.send("viewers:list");
  viewers.clear();
  for (const each of items) viewers.set(each.conversationId, each.viewers);
  dressAgain(HOOK);
}

/** @param {string} id @param {Colleague[]} found @param {string} [at] */
function take(id, found, at = "") {
  if ((heardAt.get(id) ?? "") > at) return;
  heardAt.set(id, at);
  viewers.set(id, found);
  dressAgain(`${HOOK}[data-viewers-of="${id}"]`);
}

/** @param {HTMLElement} slot */
function show(slot) {
  const others = (viewers.get(slot.dataset.viewersOf ?? "") ?? []).filter(({ id }) => id !== me);
  const shown = others.slice(0, MOST).map((each) => avatarOf(each, word("is-viewing", { name: each.name })));
  slot.replaceChildren(...shown);
  slot.dataset.more = others.length > MOST ? `+${others.length - MOST}` : "";
}
