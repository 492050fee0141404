// @ts-check
// What comes by the stream. A page out of sight lets go of it: a customer who does not look reads nothing.
import { showBehaviour } from "./controls.js";
import { element } from "./fragment.js";
import { drawDays } from "./times.js";

const TYPING_MS = 25_000;
const LOG_KEPT = 40;
const NEAR_END = 120;

/** @param {HTMLElement} chat */
export function startLive(chat) {
  const view = new Thread(chat);
  /** @type {EventSource | null} */
  let source = null;
  let isFirst = true;

  const connect = () => {
    source = new EventSource(chat.dataset.live ?? "");
    source.addEventListener("open", () => view.setLost(false));
    source.addEventListener("error", () => view.setLost(true));
    source.addEventListener("open", () => {
      if (!isFirst) void view.refresh();
      isFirst = false;
    });
    for (const [name, show] of Object.entries(handlers(view))) {
      source.addEventListener(name, (event) => show(JSON.parse(event.data).html));
    }
  };
  const follow = () => {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (!source) connect();
  };
  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  follow();
}

/**
 * @param {Thread} view
 * @returns {Record<string, (html: string) => void>}
 */
function handlers(view) {
  return {
    bubble: (html) => view.show(html),
    person: showPerson,
    typing: () => view.setTyping(true),
    behaviour: showBehaviour,
    window: (html) => swap("[data-window]", html),
    exchange: showExchange,
    reload: () => location.reload(),
  };
}

/**
 * @param {string} selector
 * @param {string} html
 */
function swap(selector, html) {
  const fresh = element(html);
  if (fresh) document.querySelector(selector)?.replaceWith(fresh);
}

/** @param {string} html */
function showPerson(html) {
  const row = element(html);
  if (!row) return;
  const old = document.getElementById(row.id);
  const home = "inCrowd" in row.dataset ? "[data-crowd]" : "[data-people]";
  const list = old?.parentElement ?? document.querySelector(home);
  old?.remove();
  list?.prepend(row);
}

/** @param {string} html */
function showExchange(html) {
  const list = document.querySelector("[data-log]");
  const row = element(html);
  if (!list || !row) return;
  list.prepend(row);
  while (list.children.length > LOG_KEPT) list.lastElementChild?.remove();
}

/** The bubbles of the open chat. */
class Thread {
  /** @param {HTMLElement} chat */
  constructor(chat) {
    this.chat = chat;
    this.list = /** @type {HTMLElement} */ (chat.querySelector("[data-messages]"));
    this.scroller = /** @type {HTMLElement} */ (chat.querySelector("[data-scroll]"));
    this.line = /** @type {HTMLTemplateElement} */ (chat.querySelector("[data-day-line]"));
    this.toEnd = /** @type {HTMLElement} */ (chat.querySelector("[data-to-end]"));
    this.typingEnds = 0;
    this.toEnd.addEventListener("click", () => this.scrollToEnd());
    this.scroller.addEventListener("scroll", () => (this.toEnd.hidden = this.isAtEnd()));
    drawDays(this.list, this.line);
    this.scrollToEnd();
    // Pictures come later and push the end away.
    this.list.addEventListener("load", () => this.isAtEnd(400) && this.scrollToEnd(), true);
  }

  /** @param {number} [near] */
  isAtEnd(near = NEAR_END) {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < near;
  }

  scrollToEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  /** @param {string} html */
  show(html) {
    const bubble = element(html);
    if (!bubble) return;
    const old = document.getElementById(bubble.id);
    const follows = this.isAtEnd() || (!old && bubble.classList.contains("own"));
    if (old) this.renew(old, bubble);
    else this.insert(bubble);
    drawDays(this.list, this.line);
    if (follows) this.scrollToEnd();
  }

  /**
   * Redraw a bubble, but leave alone a sound or film that may be playing, and a list that is open.
   * @param {HTMLElement} old
   * @param {HTMLElement} fresh
   */
  renew(old, fresh) {
    const playing = old.querySelector("audio, video");
    const place = document.adoptNode(fresh).querySelector("audio, video"); // what goes to another document stops
    if (playing && place) place.replaceWith(playing);
    fresh.querySelector("details")?.toggleAttribute("open", old.querySelector("details")?.open ?? false);
    old.replaceWith(fresh);
  }

  /** @param {HTMLElement} bubble */
  insert(bubble) {
    bubble.classList.add("fresh");
    if (bubble.classList.contains("theirs")) this.setTyping(false);
    const order = Number(bubble.dataset.order);
    const later = [...this.list.querySelectorAll(".bubble")].find(
      (other) => other instanceof HTMLElement && Number(other.dataset.order) > order,
    );
    if (later) later.before(bubble);
    else this.list.append(bubble);
  }

  /** @param {boolean} isTyping */
  setTyping(isTyping) {
    clearTimeout(this.typingEnds);
    toggle(this.chat, "[data-typing]", isTyping);
    toggle(this.chat, "[data-resting]", !isTyping);
    if (isTyping) this.typingEnds = setTimeout(() => this.setTyping(false), TYPING_MS);
  }

  /** @param {boolean} isLost */
  setLost(isLost) {
    toggle(this.chat, "[data-lost]", isLost);
  }

  /** Everything again: the page was away. */
  async refresh() {
    const response = await fetch(this.chat.dataset.thread ?? "");
    if (!response.ok) return;
    const fresh = element(`<ol>${await response.text()}</ol>`);
    if (!fresh) return;
    const wasAtEnd = this.isAtEnd();
    this.list.replaceChildren(...fresh.children);
    drawDays(this.list, this.line);
    if (wasAtEnd) this.scrollToEnd();
  }
}

/**
 * @param {HTMLElement} root
 * @param {string} selector
 * @param {boolean} isShown
 */
function toggle(root, selector, isShown) {
  const found = root.querySelector(selector);
  if (found instanceof HTMLElement) found.hidden = !isShown;
}
