// @ts-check
/** The team's chats as a page of their own. */

import { Team } from "../team/team.js";

const team = new Team(/** @type {HTMLElement} */ (document.querySelector("[data-team]")), { hasAddress: true });
team.pane.composer?.focus();
