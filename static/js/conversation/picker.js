// @ts-check
/** Templates: in place of the composer while the window is closed, over it when somebody asks. Choose, fill in, Enter. */

import { elementOf, word } from "../page.js";
import { piece } from "../server.js";
import { templateLetter } from "./letters.js";
import { Tray } from "./tray.js";

/** @typedef {import("./letters.js").Letter} Letter */
/** @typedef {import("./tray.js").Kind} Kind */

const PAUSE_MS = 150;
const PLACE = /^(header|body|buttons)\.(.+)$/;

export class Picker {
  /** Whether nothing else can be written. */
  #isNeeded = false;
  #asking = new AbortController();
  /** @type {Promise<void> | null} */
  #loaded = null;
  /** The template that was chosen last. @type {HTMLDetailsElement | null} */
  #chosen = null;
  /** @type {WeakMap<HTMLElement, Tray>} */
  #trays = new WeakMap();
  /** @type {number | undefined} */
  #pause;

  /** The picker of a conversation that has one. @param {HTMLElement} conversation @param {(letter: Letter) => void} send @param {() => void} leave */
  static in(conversation, send, leave) {
    const section = /** @type {HTMLElement | null} */ (conversation.querySelector("[data-picker]"));
    return section && new Picker(conversation, section, send, leave);
  }

  /** @param {HTMLElement} conversation @param {HTMLElement} section @param {(letter: Letter) => void} send @param {() => void} leave */
  constructor(conversation, section, send, leave) {
    this.id = conversation.dataset.conversation ?? "";
    this.section = section;
    this.send = send;
    this.leave = leave;
    this.form = /** @type {HTMLFormElement} */ (conversation.querySelector("[data-composer]"));
    this.search = /** @type {HTMLInputElement} */ (this.#part("[data-picker-search]"));
    this.list = this.#part("[data-picker-list]");
    const opener = /** @type {HTMLElement} */ (this.form.querySelector("[data-pick]"));
    opener.hidden = false;
    opener.onclick = () => this.#open();
    this.#part("[data-picker-close]").onclick = () => this.#close();
    this.search.oninput = () => this.#searchSoon();
    section.onkeydown = (event) => this.#onKey(event);
    section.onclick = (event) => this.#onClick(/** @type {HTMLElement} */ (event.target));
    section.oninput = (event) => this.#repeat(/** @type {HTMLInputElement} */ (event.target));
    section.onchange = (event) => this.#onFile(/** @type {HTMLInputElement} */ (event.target));
    section.onsubmit = (event) => this.#submit(event);
    section.addEventListener("toggle", (event) => this.#onToggle(/** @type {HTMLDetailsElement} */ (event.target)), true);
  }

  get isShown() {
    return !this.section.hidden;
  }

  /** Whether the window is closed, so that only templates go. @param {boolean} needed */
  replaceWords(needed) {
    if (needed === this.#isNeeded) return;
    this.#isNeeded = needed;
    this.#part("[data-picker-close]").hidden = needed;
    const hadFocus = this.section.contains(document.activeElement);
    this.#show(needed || Boolean(this.#chosen?.open)); // what is being filled in may still be sent
    if (hadFocus && !this.isShown) this.leave();
  }

  focus() {
    if (this.#chosen?.open) firstToFill(this.#chosen)?.focus();
    else this.search.focus();
  }

  /** It was not sent, or was taken back: it is filled in again. @param {Letter} letter */
  async takeBack({ template, file }) {
    this.#show(true);
    if (this.search.value) this.search.value = "";
    await this.#load();
    const named = `[data-template="${CSS.escape(template?.name ?? "")}"][data-language="${CSS.escape(template?.language ?? "")}"]`;
    const found = /** @type {HTMLDetailsElement | null} */ (this.list.querySelector(named));
    if (!found) return;
    for (const field of fieldsOf(found)) {
      const [, part, name] = PLACE.exec(field.name) ?? [];
      field.value = template?.parameters?.[/** @type {"body"} */ (part)]?.[name] ?? "";
      this.#echo(field);
    }
    if (file) this.#trayOf(found)?.put(file);
    found.open = true;
  }

  /** Say what is wrong with what was chosen; it may be on the list no more. @param {string} text */
  complain(text) {
    const problem = this.#part("[data-problem]");
    problem.hidden = !text;
    problem.textContent = text;
  }

  #open() {
    this.#show(true);
    this.search.focus();
  }

  #close() {
    this.#show(false);
    this.leave();
  }

  /** @param {boolean} shown */
  #show(shown) {
    this.section.hidden = !shown;
    this.form.toggleAttribute("data-picking", shown);
    if (shown) this.#loaded ??= this.#load();
  }

  #searchSoon() {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => (this.#loaded = this.#load()), PAUSE_MS);
  }

  async #load() {
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    const words = new URLSearchParams({ search: this.search.value });
    try {
      const html = await piece(`${this.section.dataset.picker}?${words}`, "templates", signal);
      if (signal.aborted) return;
      this.list.replaceChildren(elementOf(html));
      this.list.scrollTop = 0;
    } catch {
      if (signal.aborted) return;
      this.list.textContent = word("not-loaded");
      this.#loaded = null; // the next time it is shown it is tried again
    }
  }

  /** @param {HTMLDetailsElement} template */
  #onToggle(template) {
    if (!template.open) return;
    this.#chosen = template;
    this.#trayOf(template);
    this.list.scrollTop = 0;
    firstToFill(template)?.focus();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "Escape") {
      if (this.#chosen?.open) this.#back();
      else if (!this.#isNeeded) this.#close();
      else this.search.blur();
      event.stopPropagation();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || this.#chosen?.open) return;
    event.preventDefault();
    const stops = [this.search, .../** @type {NodeListOf<HTMLElement>} */ (this.list.querySelectorAll("summary"))];
    stops[stops.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step]?.focus();
  }

  /** @param {HTMLElement} target */
  #onClick(target) {
    if (target.closest("[data-back]")) this.#back();
    if (target.closest("[data-pick-file]")) /** @type {HTMLElement} */ (target.closest("form")?.querySelector("[data-file]")).click();
  }

  #back() {
    if (!this.#chosen) return;
    this.#chosen.open = false;
    this.complain("");
    this.#chosen.querySelector("summary")?.focus();
  }

  /** What stands in a field is said wherever its placeholder stands again. @param {HTMLInputElement} field */
  #repeat(field) {
    this.#echo(field);
    if (field.name) this.complain("");
  }

  /** @param {HTMLInputElement} field */
  #echo(field) {
    if (!field.name) return;
    const others = field.form?.querySelectorAll(`[data-again-of="${CSS.escape(field.name)}"]`) ?? [];
    for (const each of others) each.textContent = field.value || field.placeholder;
  }

  /** @param {HTMLInputElement} input */
  #onFile(input) {
    const kind = /** @type {Kind | undefined} */ (input.dataset.file);
    const tray = kind && this.#trayOf(/** @type {HTMLElement} */ (input.closest("details")));
    if (!tray || !input.files?.length) return;
    for (const file of tray.take()) file.drop();
    tray.add([input.files[0]], kind);
    input.value = "";
  }

  /** The file on top of a template that takes one. @param {HTMLElement} template */
  #trayOf(template) {
    const list = /** @type {HTMLElement | null} */ (template.querySelector("[data-tray]"));
    if (!list) return null;
    const known = this.#trays.get(template);
    if (known) return known;
    const send = /** @type {HTMLButtonElement} */ (template.querySelector("[type=submit]"));
    const takes = JSON.parse(this.form.dataset.takes || "{}");
    const tray = new Tray(`${this.id} ${template.dataset.template}`, list, takes, () => {
      const files = this.#trays.get(template)?.files ?? [];
      send.disabled = !files.some((file) => file.state === "ready");
      if (!send.disabled && document.activeElement === document.body) firstToFill(template)?.focus();
    });
    this.#trays.set(template, tray);
    tray.onChange();
    return tray;
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const template = /** @type {HTMLDetailsElement} */ (form.closest("details"));
    const [file = null] = this.#trays.get(template)?.take() ?? [];
    const letter = templateLetter(this.id, wordsOf(template), file, draftOf(template));
    form.reset();
    fieldsOf(template).forEach((field) => this.#repeat(field));
    template.open = false;
    this.complain("");
    if (this.#isNeeded) this.search.focus();
    else this.#close();
    this.send(letter); // last: the thread has its height again
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.section.querySelector(selector));
  }
}

/** @param {HTMLElement} template */
function fieldsOf(template) {
  return [.../** @type {NodeListOf<HTMLInputElement>} */ (template.querySelectorAll("input.blank"))];
}

/** Where to go on: a file, an empty field, or to the button when there is nothing left to fill in. @param {HTMLElement} template */
function firstToFill(template) {
  const tray = template.querySelector("[data-tray]");
  if (tray && !tray.children.length) return /** @type {HTMLElement} */ (template.querySelector("[data-pick-file]"));
  return fieldsOf(template).find((field) => !field.value) ?? /** @type {HTMLElement} */ (template.querySelector("[type=submit]"));
}

/** What it will read like. @param {HTMLElement} template */
function wordsOf(template) {
  const body = /** @type {HTMLElement} */ (template.querySelector("[data-body]"));
  return Array.from(body.childNodes, (node) => (node instanceof HTMLInputElement ? node.value : node.textContent)).join("").trim();
}

/** @param {HTMLElement} template @returns {import("./letters.js").Template} */
function draftOf(template) {
  /** @type {{header: Record<string, string>, body: Record<string, string>, buttons: Record<string, string>}} */
  const parameters = { header: {}, body: {}, buttons: {} };
  for (const { name, value } of fieldsOf(template)) {
    const [, part, key] = PLACE.exec(name) ?? [];
    parameters[/** @type {"body"} */ (part)][key] = value;
  }
  return { name: template.dataset.template ?? "", language: template.dataset.language ?? "", parameters };
}
