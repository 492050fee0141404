// @ts-check
/** Any command: chosen, filled from its schema, sent. */

import { byId, copyOf } from "../page.js";
import { commandsOf } from "./contract.js";

/** @typedef {import("./contract.js").Command} Command */

const NOBODY = "00000000-0000-0000-0000-000000000000";

const form = /** @type {HTMLFormElement} */ (byId("debug-command"));
const choice = /** @type {HTMLSelectElement} */ (form.elements.namedItem("command"));
const data = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("data"));
const problem = part("problem");

/**
 * @param {(command: string, data: any) => void} send
 * @param {() => string | undefined} conversationId to fill in where a command wants one
 */
export async function composeCommands(send, conversationId) {
  const commands = new Map((await commandsOf(document.body.dataset.document ?? "")).map((each) => [each.name, each]));
  choice.replaceChildren(...[...commands.keys()].map((name) => new Option(name, name, false, name === "ping")));
  const chosen = () => /** @type {Command} */ (commands.get(choice.value));
  const startOver = () => begin(chosen(), conversationId());
  choice.addEventListener("change", startOver);
  part("template").addEventListener("click", startOver);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const filled = read();
    if (filled) send(choice.value, filled);
  });
  data.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  startOver();
}

/** @param {Command} command @param {string} [conversationId] */
function begin({ sentence, example, fields }, conversationId) {
  part("sentence").textContent = sentence;
  part("fields").replaceChildren(...fields.map((field) => chip(field)));
  const filled = { ...example };
  if (filled.conversationId === NOBODY && conversationId) filled.conversationId = conversationId;
  if ("clientId" in filled) filled.clientId = crypto.randomUUID();
  show(filled);
}

/** A field that a click adds to the data. @param {import("./contract.js").Field} field */
function chip({ name, type, isRequired, example }) {
  const item = copyOf("debug-field");
  const button = /** @type {HTMLButtonElement} */ (item.firstElementChild);
  /** @type {HTMLElement} */ (item.querySelector("[data-name]")).textContent = isRequired ? name : `${name}?`;
  /** @type {HTMLElement} */ (item.querySelector("[data-type]")).textContent = type;
  button.addEventListener("click", () => show({ [name]: example, ...(read() ?? {}) }));
  return item;
}

/** @param {any} filled */
function show(filled) {
  data.value = JSON.stringify(filled, null, 2);
  problem.hidden = true;
}

/** The data as written, or null after saying what is wrong with it. @returns {any} */
function read() {
  try {
    const filled = JSON.parse(data.value || "{}");
    if (filled === null || typeof filled !== "object" || Array.isArray(filled)) throw new SyntaxError(data.value);
    problem.hidden = true;
    return filled;
  } catch (error) {
    problem.textContent = `${copyOf("debug-not-json").textContent} ${error instanceof Error ? error.message : ""}`;
    problem.hidden = false;
    return null;
  }
}

/** @param {string} name */
function part(name) {
  return /** @type {HTMLElement} */ (form.querySelector(`[data-${name}]`));
}
