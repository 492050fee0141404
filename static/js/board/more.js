// @ts-check
/** Columns grow as they are scrolled. */

import { word } from "../page.js";
import { piece } from "../server.js";
import { toast } from "../toast.js";
import { board, cardOf, dress } from "./cards.js";

const AHEAD_PX = 600;

const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) if (entry.isIntersecting) void load(/** @type {HTMLElement} */ (entry.target));
  },
  { rootMargin: `${AHEAD_PX}px 0px` },
);

export function loadMoreCards() {
  for (const more of board().querySelectorAll(".more")) watcher.observe(more);
  board().addEventListener("click", (event) => {
    const more = /** @type {HTMLElement} */ (event.target).closest(".more");
    if (!more) return;
    event.preventDefault();
    void load(/** @type {HTMLElement} */ (more));
  });
}

/** @param {HTMLElement} more */
async function load(more) {
  watcher.unobserve(more);
  if (more.ariaBusy) return;
  more.ariaBusy = "true";
  try {
    const template = document.createElement("template");
    template.innerHTML = await piece(more.dataset.more ?? "", "cards");
    // what was moved here meanwhile is here already
    for (const card of template.content.querySelectorAll(".card")) {
      if (cardOf(/** @type {HTMLElement} */ (card).dataset.id ?? "")) card.remove();
    }
    dress(template.content);
    const next = template.content.querySelector(".more");
    more.replaceWith(template.content);
    if (next) watcher.observe(next);
  } catch {
    more.ariaBusy = null;
    toast(word("not-loaded"), { kind: "problem", action: word("try-again"), onAction: () => load(more) });
  }
}
