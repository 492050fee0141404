// @ts-check
/** The team's chats as a page of their own. */

import { Team } from "../team/team.js";

const team = new Team(/** @type {HTMLElement} */ (document.querySelector("[data-team]")), { hasAddress: true });
team.pane.composer?.focus();

/** A notification was clicked. */
document.addEventListener("recado:open", (event) => {
  const found = /^\/team\/([0-9a-f-]{36})\/$/.exec(/** @type {CustomEvent<{href: string}>} */ (event).detail.href);
  if (!found) return;
  event.preventDefault();
  void team.open(found[1]);
});
