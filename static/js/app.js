// @ts-check
/** What every page of a signed-in person does. */

import { showConnection } from "./connection.js";
import { followNotifications } from "./notifications/follow.js";
import { byId } from "./page.js";
import { followPresence } from "./people/presence.js";
import { followTyping } from "./people/typing.js";
import { followViewers } from "./people/viewers.js";
import { socket } from "./server.js";
import { followUnread } from "./team/unread.js";
import { chooseTheme } from "./theme.js";
import { keepTimes, showTimes } from "./times.js";
import { drawRings, keepRings } from "./windows.js";

showTimes(document);
drawRings(document);
keepTimes();
keepRings();
chooseTheme();
showConnection();
followPresence();
followViewers();
followTyping();
followUnread();
followNotifications();
socket.connect();
keepFilesOut();

document.querySelector("[data-show-keys]")?.addEventListener("click", () => {
  byId("me-menu").hidePopover();
  /** @type {HTMLDialogElement} */ (byId("keys")).showModal();
});

/** A file dropped beside a conversation would take the place of the page. */
function keepFilesOut() {
  document.addEventListener("dragover", (event) => {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
  });
}
