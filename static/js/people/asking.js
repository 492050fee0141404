// @ts-check
/** What is told once and never again may be missed: lists that are told of in passing are asked for now and then. */

import { socket } from "../server.js";

const FIRST_MS = [800, 5_000];
const AGAIN_MS = 60_000;

/** @type {(() => Promise<void>)[]} */
const questions = [];
/** @type {any} */
let timer = 0;

/** Ask this whenever the socket has connected, soon after, and every minute. @param {() => Promise<void>} question */
export function askNowAndThen(question) {
  questions.push(question);
  if (questions.length > 1) return;
  let isFirst = true;
  socket.on("connected", () => {
    askAfter(isFirst ? 0 : 1); // whoever comes back is not alone
    isFirst = false;
  });
}

/** Never all pages at the same moment. @param {number} turn */
function askAfter(turn) {
  clearTimeout(timer);
  timer = setTimeout(() => askAll(turn), (FIRST_MS[turn] ?? AGAIN_MS) * (0.75 + Math.random() / 2));
}

/** @param {number} turn */
async function askAll(turn) {
  if (document.visibilityState === "visible") for (const question of questions) await question().catch(() => {});
  askAfter(turn + 1);
}
