// @ts-check
/** A picture of the thread, large; arrows lead to the one before and after. */

import { byId } from "../page.js";

/** @param {HTMLElement} list the bubbles */
export function letPicturesBeSeen(list) {
  list.addEventListener("click", (event) => {
    const link = /** @type {HTMLElement} */ (event.target).closest("a.picture");
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(list, link);
  });
}

/** @param {HTMLElement} list @param {HTMLAnchorElement} link */
function open(list, link) {
  const box = /** @type {HTMLDialogElement} */ (byId("lightbox"));
  const pictures = /** @type {HTMLAnchorElement[]} */ ([...list.querySelectorAll("a.picture")]);
  let place = pictures.indexOf(link);
  /** @param {number} by */
  const turn = (by) => {
    place = Math.min(Math.max(place + by, 0), pictures.length - 1);
    show(box, pictures[place]);
    for (const arrow of box.querySelectorAll("[data-turn]")) {
      const next = place + Number(arrow.getAttribute("data-turn"));
      arrow.toggleAttribute("disabled", next < 0 || next >= pictures.length);
    }
  };
  box.onclick = (event) => {
    const arrow = /** @type {HTMLElement} */ (event.target).closest("[data-turn]");
    if (arrow) turn(Number(arrow.getAttribute("data-turn")));
    else if (event.target === box || /** @type {HTMLElement} */ (event.target).matches("figure")) box.close();
  };
  box.onkeydown = (event) => {
    if (event.key === "ArrowLeft") turn(-1);
    if (event.key === "ArrowRight") turn(1);
    event.stopPropagation(); // these keys mean something to the board as well
  };
  box.onclose = () => link.focus();
  turn(0);
  box.showModal();
}

/** @param {HTMLDialogElement} box @param {HTMLAnchorElement} link */
function show(box, link) {
  const words = link.closest(".bubble")?.querySelector(".words")?.textContent ?? "";
  const large = /** @type {HTMLImageElement} */ (box.querySelector("[data-large]"));
  Object.assign(large, { src: link.href, alt: link.querySelector("img")?.alt ?? "" });
  /** @type {HTMLElement} */ (box.querySelector("[data-caption]")).textContent = words;
  /** @type {HTMLAnchorElement} */ (box.querySelector("[data-open-picture]")).href = link.href;
}
