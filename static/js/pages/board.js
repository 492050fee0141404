// @ts-check
/** The board, with a conversation beside it. */

import { cardOf, dress, markOpen, placeCard } from "../board/cards.js";
import { justDropped, letCardsBeDragged } from "../board/dragging.js";
import { listenToKeys } from "../board/keyboard.js";
import { openMenus } from "../board/menus.js";
import { loadMoreCards } from "../board/more.js";
import { Panel } from "../conversation/panel.js";
import { letPanelBeResized } from "../conversation/width.js";
import { letTeamBeOpened } from "../team/drawer.js";
import { followEvents, placedBy } from "../updates.js";

const board = document.getElementById("board");

const panel = new Panel({
  onOpen: markOpen,
  onClose(id) {
    markOpen("");
    /** @type {HTMLElement | null | undefined} */ (cardOf(id)?.querySelector(".card-link"))?.focus();
  },
});

if (board) {
  placedBy("card", placeCard);
  dress(board);
  letCardsBeDragged();
  loadMoreCards();
  listenToKeys({ openId: () => panel.id, open: (href) => panel.open(href), close: () => panel.close() });
  board.addEventListener("click", openCard);
}
openMenus();
document.addEventListener("recado:open", openNews);
letPanelBeResized();
letTeamBeOpened();
followEvents();

/** @param {MouseEvent} event */
function openCard(event) {
  const link = /** @type {HTMLElement} */ (event.target).closest(".card-link");
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (!justDropped()) void panel.open(link.href);
}

/** A notification was clicked. @param {Event} event */
function openNews(event) {
  const { href } = /** @type {CustomEvent<{href: string}>} */ (event).detail;
  if (!href.startsWith("/conversations/")) return;
  event.preventDefault();
  void panel.open(new URL(href, location.href).href);
}
