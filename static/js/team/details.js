// @ts-check
/** Who is in a chat, and what one may do there: drawn by the server, which also decides. */

import { byId, elementOf } from "../page.js";
import { piece, socket, use } from "../server.js";
import { showTimes } from "../times.js";
import { attempt, letBeClosed } from "./dialogs.js";
import { offerPeople } from "./people.js";

/** What a dialog shows now. */
let shown = "";

/** @param {string} url */
export async function openDetails(url) {
  await show(url);
  const dialog = dialogOf();
  letBeClosed(dialog);
  dialog.onclose = () => (shown = "");
  if (!dialog.open) dialog.showModal();
}

for (const type of /** @type {const} */ (["group:updated", "group:joined", "group:left"])) {
  socket.on(type, ({ data }) => shown.includes(data.conversationId) && show(shown).catch(() => dialogOf().close()));
}

/** @param {string} url */
async function show(url) {
  const content = elementOf(await piece(url, "details"));
  shown = url;
  dialogOf().replaceChildren(content);
  showTimes(content);
  if (content.dataset.detailsOf) listen(content, content.dataset.detailsOf);
}

function dialogOf() {
  return /** @type {HTMLDialogElement} */ (byId("team-dialog"));
}

/** @param {HTMLElement} content @param {string} conversationId */
function listen(content, conversationId) {
  const group = `/api/groups/${conversationId}`;
  const inIt = new Set([...content.querySelectorAll(".members [data-user]")].map((each) => /** @type {HTMLElement} */ (each).dataset.user));
  const act = (/** @type {() => Promise<unknown>} */ what) => attempt(content, what);
  offerPeople(content, {
    isOffered: ({ id }) => !inIt.has(id),
    onChoose: ({ id }) => void act(() => use("group:invite", { conversationId, userIds: [id] }, "POST", `${group}/members`)),
  });
  content.onsubmit = (event) => {
    event.preventDefault();
    const title = /** @type {HTMLInputElement} */ (content.querySelector("[name=title]")).value;
    void act(() => use("group:update", { conversationId, title }, "PATCH", group));
  };
  content.onchange = ({ target }) => {
    if (target instanceof HTMLSelectElement && target.dataset.roleOf) {
      const [userId, role] = [target.dataset.roleOf, /** @type {"ADMIN" | "MODERATOR" | "MEMBER"} */ (target.value)];
      void act(() => use("group:role", { conversationId, userId, role }, "PATCH", `${group}/members/${userId}`)).then((isDone) => isDone || takeBack(target));
    } else if (target instanceof HTMLInputElement && target.matches("[data-is-open]")) {
      void act(() => use("group:update", { conversationId, isOpen: target.checked }, "PATCH", group)).then((isDone) => isDone || takeBack(target));
    }
  };
  content.onclick = ({ target }) => {
    const pressed = /** @type {HTMLElement} */ (target);
    const userId = /** @type {HTMLElement | null} */ (pressed.closest("[data-remove-member]"))?.dataset.removeMember;
    if (userId) void act(() => use("group:remove", { conversationId, userId }, "DELETE", `${group}/members/${userId}`));
    else if (pressed.closest("[data-leave]")) {
      void act(() => use("group:leave", { conversationId }, "POST", `${group}/leave`)).then((isDone) => isDone && dialogOf().close());
    }
  };
}

/** What was refused is as the server drew it. @param {HTMLSelectElement | HTMLInputElement} field */
function takeBack(field) {
  if (field instanceof HTMLInputElement) field.checked = field.defaultChecked;
  else for (const option of field.options) option.selected = option.defaultSelected;
}
