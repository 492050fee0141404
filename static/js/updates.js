// @ts-check
/** From events to the page: fragments that came along are swapped in, those that did not are fetched. */

import { lookAt } from "./notifications/looking.js";
import { get, socket } from "./server.js";

/**
 * @typedef {{kind: "card" | "chat" | "header" | "message", id: string, version: number, html: string, target: string,
 *   conversationId?: string, columnId?: string, rank?: string, order?: string}} Fragment
 * @typedef {import("./recado-socket.js").RecadoEvent} RecadoEvent
 */

const SOON_MS = 60;
const AGAIN_MS = 3_000;
const AT_ONCE = 80;

/** @typedef {(fragment: Fragment, force: boolean) => void} Placer */
/** @type {Record<Fragment["kind"], Placer[]>} */
const placers = { card: [], chat: [], header: [], message: [] };
/** @type {Record<Fragment["kind"], Set<string>>} */
const missing = { card: new Set(), chat: new Set(), header: new Set(), message: new Set() };
const kinds = /** @type {Fragment["kind"][]} */ (Object.keys(missing));
/** @type {any} */
let timer = 0;
/** By the part of the page that shows it. @type {Map<string, string>} */
const openConversations = new Map();
let isFollowing = false;

/** Who puts fragments of a kind into the page. @param {Fragment["kind"]} kind @param {Placer} placer */
export function placedBy(kind, placer) {
  placers[kind].push(placer);
}

/** The conversation whose messages and header a part of the page wants, from the moment it is asked for. @param {string} id @param {string} [part] */
export function watch(id, part = "panel") {
  openConversations.set(part, id);
  lookAt(part, id);
}

export function followEvents() {
  if (isFollowing) return;
  isFollowing = true;
  socket.on("batch", take);
  socket.on("state", (state) => state === "live" && fetchSoon());
}

/** Fetch how something is now, whatever version the page shows. @param {Fragment["kind"]} kind @param {string} id */
export async function refresh(kind, id) {
  const { fragments } = await get(address({ [kind]: [id] }));
  for (const fragment of fragments) put(fragment, true);
}

/** Something of which no fragment came. @param {Fragment["kind"]} kind @param {string} id */
export function need(kind, id) {
  if (!placers[kind].length) return;
  missing[kind].add(id);
  fetchSoon();
}

/** @param {RecadoEvent[]} events */
function take(events) {
  /** @type {Set<number | undefined>} */
  const rendered = new Set();
  /** @type {Set<string>} */
  const here = new Set();
  for (const event of events) {
    if (event.type !== "board:fragments") continue;
    rendered.add(event.seq);
    for (const fragment of event.data.fragments) here.add(`${fragment.kind} ${fragment.id}`);
    place(event.data.fragments);
  }
  for (const event of events) lookFor(event, rendered.has(event.seq), here);
}

/** @param {RecadoEvent} event @param {boolean} rendered @param {Set<string>} here */
function lookFor({ type, data }, rendered, here) {
  const { conversationId } = data ?? {};
  if (!conversationId || type === "board:fragments" || type === "notification:new") return;
  if (!rendered) {
    need("card", conversationId);
    need("chat", conversationId);
  }
  if (![...openConversations.values()].includes(conversationId)) return;
  // its room may have been joined a moment later than the event was sent
  if (!here.has(`header ${conversationId}`)) need("header", conversationId);
  const messageId = data.message?.id ?? data.messageId;
  if (messageId && !here.has(`message ${messageId}`)) need("message", messageId);
}

/** @param {Fragment[]} fragments */
function place(fragments) {
  for (const fragment of fragments) {
    missing[fragment.kind]?.delete(fragment.id);
    put(fragment, false);
  }
}

/** @param {Fragment} fragment @param {boolean} force */
function put(fragment, force) {
  placers[fragment.kind]?.forEach((placer) => placer(fragment, force));
}

function fetchSoon(ms = SOON_MS) {
  timer ||= setTimeout(fetchMissing, ms);
}

async function fetchMissing() {
  const wanted = { card: some("card"), chat: some("chat"), header: some("header"), message: some("message") };
  timer = 0;
  if (kinds.every((kind) => !wanted[kind].length)) return;
  try {
    const { fragments } = await get(address(wanted));
    for (const fragment of fragments) put(fragment, false);
    fetchSoon();
  } catch {
    for (const kind of kinds) wanted[kind].forEach((id) => missing[kind].add(id));
    fetchSoon(AGAIN_MS);
  }
}

/** Taken before they are asked for: what changes again meanwhile is asked for again. @param {Fragment["kind"]} kind */
function some(kind) {
  const ids = [...missing[kind]].slice(0, AT_ONCE);
  ids.forEach((id) => missing[kind].delete(id));
  return ids;
}

/** @param {Partial<Record<Fragment["kind"], string[]>>} wanted */
function address(wanted) {
  const url = new URL(document.body.dataset.fragments ?? "", location.href);
  for (const [kind, ids] of Object.entries(wanted)) if (ids.length) url.searchParams.set(`${kind}s`, ids.join(","));
  return url;
}
