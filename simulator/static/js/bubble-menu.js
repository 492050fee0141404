// @ts-check
// React, reply, edit, delete: one menu for all bubbles, opened beside the one it is for.
import { post } from "./posting.js";

/** @param {HTMLElement} chat */
export function startBubbleMenu(chat) {
  const menu = /** @type {HTMLElement} */ (chat.querySelector("[data-bubble-menu]"));
  /** @type {HTMLElement | null} */
  let bubble = null;

  chat.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-more]") : null;
    if (!(button instanceof HTMLElement)) return;
    bubble = button.closest(".bubble");
    if (bubble) open(menu, bubble, button);
  });
  menu.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button || !bubble) return;
    menu.hidePopover();
    act(chat, bubble, button.dataset);
  });
}

/**
 * @param {HTMLElement} menu
 * @param {HTMLElement} bubble
 * @param {HTMLElement} button
 */
function open(menu, bubble, button) {
  for (const item of /** @type {NodeListOf<HTMLElement>} */ (menu.querySelectorAll("[data-for]"))) {
    item.hidden = !((item.dataset.for ?? "") in bubble.dataset);
  }
  menu.showPopover();
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  menu.style.margin = "0";
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(at.bottom + 4, innerHeight - size.height - 8))}px`;
}

/**
 * @param {HTMLElement} chat
 * @param {HTMLElement} bubble
 * @param {DOMStringMap} chosen
 */
function act(chat, bubble, chosen) {
  const { wamid = "", preview = "", text = "", react = "", edit = "", revoke = "" } = bubble.dataset;
  if (chosen.emoji) {
    const data = new FormData();
    data.set("emoji", chosen.emoji);
    void post(react, data);
  } else if (chosen.do === "reply") chat.dispatchEvent(new CustomEvent("reply", { detail: { wamid, preview } }));
  else if (chosen.do === "revoke") void post(revoke);
  else if (chosen.do === "copy") void navigator.clipboard.writeText(wamid);
  else if (chosen.do === "edit") chat.dispatchEvent(new CustomEvent("edit", { detail: { address: edit, text } }));
}
