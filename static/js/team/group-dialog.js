// @ts-check
/** Beginning a group: its name and its people. */

import { byId, copyOf } from "../page.js";
import { use } from "../server.js";
import { attempt, letBeClosed } from "./dialogs.js";
import { offerPeople } from "./people.js";

/** @typedef {import("./people.js").Person} Person */

/** @param {HTMLElement} root @param {(id: string) => void} onCreated */
export function listenToGroupDialog(root, onCreated) {
  root.querySelector("[data-new-group]")?.addEventListener("click", () => openGroupDialog(onCreated));
}

/** @param {(id: string) => void} onCreated */
function openGroupDialog(onCreated) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("group-dialog"));
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const chosen = /** @type {HTMLElement} */ (dialog.querySelector("[data-people-chosen]"));
  /** @type {Map<string, Person>} */
  const people = new Map();
  form.reset();
  chosen.replaceChildren();
  letBeClosed(dialog);
  offerPeople(dialog, {
    isOffered: ({ id }) => id !== document.body.dataset.me && !people.has(id),
    onChoose(person) {
      people.set(person.id, person);
      chosen.append(chip(person, () => people.delete(person.id)));
    },
  });
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]"));
  form.onsubmit = async (event) => {
    event.preventDefault();
    button.disabled = true; // Enter twice is one group
    const data = { title: valueOf(form, "title"), userIds: [...people.keys()], isOpen: isTicked(form, "isOpen") };
    await attempt(dialog, async () => {
      const { id } = await use("group:create", data, "POST", "/api/groups");
      dialog.close();
      onCreated(id);
    });
    button.disabled = false;
  };
  dialog.showModal();
}

/** @param {Person} person @param {() => void} onRemove */
function chip(person, onRemove) {
  const item = copyOf("person-chosen");
  /** @type {HTMLElement} */ (item.querySelector("[data-name]")).textContent = person.name;
  /** @type {HTMLElement} */ (item.querySelector("button")).onclick = () => {
    onRemove();
    item.remove();
  };
  return item;
}

/** @param {HTMLFormElement} form @param {string} name */
const valueOf = (form, name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value;

/** @param {HTMLFormElement} form @param {string} name */
const isTicked = (form, name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).checked;
