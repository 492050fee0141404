// @ts-check
/** Mentioning: after an at sign, the members whose name goes on like that; who is named in what is sent is mentioned. */

import { copyOf, me } from "../page.js";
import { get } from "../server.js";

/** @typedef {{id: string, name: string}} Colleague */

const BEGUN = /(?:^|\s)@([^\s@]*(?: [^\s@]*)?)$/u;
const MOST = 6;

export class Mentions {
  /** Those chosen so far: also those who are in a group too large to be listed. @type {Map<string, string>} */
  #chosen = new Map();
  /** @type {Colleague[]} */
  #offered = [];
  #at = 0;

  /** @param {HTMLElement} chat @param {HTMLTextAreaElement} field */
  constructor(chat, field) {
    this.chat = chat;
    this.field = field;
    this.menu = /** @type {HTMLElement} */ (chat.querySelector("[data-mention-menu]"));
    this.menu.id = `mentions-${chat.dataset.conversation}`;
    field.setAttribute("aria-controls", this.menu.id);
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("input", () => this.#offer());
    field.addEventListener("blur", () => this.#close());
    field.addEventListener("keydown", (event) => this.#onKey(event), { capture: true });
    this.menu.onpointerdown = (event) => {
      event.preventDefault(); // the field keeps the focus
      const option = /** @type {HTMLElement} */ (event.target).closest("[role=option]");
      if (option) this.#choose(this.#offered[[...this.menu.children].indexOf(option)]);
    };
  }

  /** Who is named in these words. @param {string} content @returns {string[]} */
  idsIn(content) {
    const people = new Map([...this.#members().map(({ id, name }) => /** @type {const} */ ([id, name])), ...this.#chosen]);
    const ids = [...people].filter(([, name]) => content.includes(`@${name}`)).map(([id]) => id);
    this.#chosen.clear();
    return ids;
  }

  /** @returns {Colleague[]} */
  #members() {
    const found = [...this.chat.querySelectorAll("[data-people] > [data-user]")];
    const people = found.map((each) => ({ id: /** @type {HTMLElement} */ (each).dataset.user ?? "", name: each.textContent ?? "" }));
    return people.filter(({ id }) => id !== me);
  }

  async #offer() {
    const { value } = this.field;
    const begun = BEGUN.exec(value.slice(0, this.field.selectionStart));
    if (!begun || this.chat.dataset.kind !== "GROUP") return this.#close();
    const words = begun[1].toLocaleLowerCase();
    const people = this.#members();
    const from = people.length ? people : await colleagues(begun[1]).catch(() => []);
    if (value !== this.field.value) return; // written on meanwhile
    this.#offered = from.filter(({ name }) => name.toLocaleLowerCase().startsWith(words) || name.toLocaleLowerCase().includes(` ${words}`)).slice(0, MOST);
    this.#at = 0;
    this.#draw();
  }

  #draw() {
    this.menu.replaceChildren(
      ...this.#offered.map(({ name }, index) => {
        const option = copyOf("mention-choice");
        option.id = `${this.menu.id}-${index}`;
        option.textContent = name;
        option.setAttribute("aria-selected", String(index === this.#at));
        return option;
      }),
    );
    this.menu.hidden = !this.#offered.length;
    if (this.menu.hidden) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", `${this.menu.id}-${this.#at}`);
  }

  #close() {
    this.#offered = [];
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (this.menu.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.#at = (this.#at + step + this.#offered.length) % this.#offered.length;
      this.#draw();
    } else if (event.key === "Enter" || event.key === "Tab") this.#choose(this.#offered[this.#at]);
    else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** @param {Colleague} colleague */
  #choose({ id, name }) {
    const end = this.field.selectionStart;
    const start = this.field.value.slice(0, end).lastIndexOf("@");
    this.field.setRangeText(`@${name} `, start, end, "end");
    this.#chosen.set(id, name);
    this.#close();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** @param {string} words @returns {Promise<Colleague[]>} */
async function colleagues(words) {
  const { items } = await get(`/api/users/search?q=${encodeURIComponent(words)}`);
  return items;
}
