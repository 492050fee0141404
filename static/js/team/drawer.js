// @ts-check
/** The team's chats beside the board: fetched when first asked for, kept open from page to page. */

import { opened } from "../notifications/looking.js";
import { byId, elementOf, word } from "../page.js";
import { piece } from "../server.js";
import { toast } from "../toast.js";
import { Team } from "./team.js";

const KEY = "recado:team-drawer";
const WIDE = "(width >= 1240px)";

/** @type {Team | null} */
let team = null;

export function letTeamBeOpened() {
  const button = document.querySelector("[data-team-drawer]");
  if (!(button instanceof HTMLElement)) return;
  button.onclick = () => (byId("team-drawer").hidden ? void open(button) : close(button));
  byId("team-drawer").addEventListener("keydown", (event) => {
    event.stopPropagation(); // the board's keys are for the board
    const isField = /** @type {HTMLElement} */ (event.target).matches("input, textarea");
    if (event.key === "Escape" && !isField) close(button);
  });
  if (localStorage.getItem(KEY) && matchMedia(WIDE).matches) void open(button, false);
}

/** @param {HTMLElement} button @param {boolean} byHand */
async function open(button, byHand = true) {
  const drawer = byId("team-drawer");
  drawer.hidden = false;
  opened("chat", true);
  button.setAttribute("aria-expanded", "true");
  localStorage.setItem(KEY, "open");
  try {
    team ??= await fetched(drawer);
    if (byHand) team.focus();
  } catch {
    close(button);
    toast(word("not-loaded"), { kind: "problem", action: word("try-again"), onAction: () => open(button) });
  }
}

/** @param {HTMLElement} drawer */
async function fetched(drawer) {
  const root = elementOf(await piece("/team/", "team"));
  drawer.replaceChildren(root);
  return new Team(root, { hasAddress: false });
}

/** @param {HTMLElement} button */
function close(button) {
  const drawer = byId("team-drawer");
  const hadFocus = drawer.contains(document.activeElement);
  drawer.hidden = true;
  opened("chat", false);
  button.setAttribute("aria-expanded", "false");
  localStorage.removeItem(KEY);
  if (hadFocus) button.focus();
}
