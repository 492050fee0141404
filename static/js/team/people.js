// @ts-check
/** Finding colleagues by name for a group. */

import { copyOf } from "../page.js";
import { get } from "../server.js";
import { colourOf, initialsOf } from "../people/avatar.js";

/** @typedef {{id: string, name: string, email: string}} Person */

const SOON_MS = 150;

/**
 * Offer people below a field as it is written in.
 * @param {HTMLElement} root with the field and the list
 * @param {{isOffered: (person: Person) => boolean, onChoose: (person: Person) => void}} hooks
 */
export function offerPeople(root, { isOffered, onChoose }) {
  const field = /** @type {HTMLInputElement | null} */ (root.querySelector("[data-people-search]"));
  const list = /** @type {HTMLElement | null} */ (root.querySelector("[data-people-found]"));
  if (!field || !list) return;
  /** @type {any} */
  let timer = 0;
  const search = async () => {
    const words = field.value;
    const { items } = await get(`/api/users/search?q=${encodeURIComponent(words)}`);
    if (words !== field.value) return; // written on meanwhile
    list.replaceChildren(...items.filter(isOffered).slice(0, 8).map((/** @type {Person} */ each) => row(each, choose)));
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => search().catch(() => {}), SOON_MS);
  };
  /** @param {Person} person */
  const choose = (person) => {
    field.value = "";
    list.replaceChildren();
    onChoose(person);
    field.focus();
  };
  field.oninput = soon;
  field.onfocus = soon;
  field.onkeydown = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    list.querySelector("button")?.click();
  };
}

/** @param {Person} person @param {(person: Person) => void} onChoose */
function row(person, onChoose) {
  const found = copyOf("person-found");
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (found.querySelector(name));
  part("[data-initials]").textContent = initialsOf(person.name);
  part("[data-initials]").dataset.hue = colourOf(person.id);
  part("[data-name]").textContent = person.name;
  part("[data-email]").textContent = person.email;
  part("button").onclick = () => onChoose(person);
  return found;
}
