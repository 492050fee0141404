// @ts-check
/** Where agents write: grows, keeps its draft, takes files and voice, knows the window, shows the bubble at once. */

import { word } from "../page.js";
import { socket } from "../server.js";
import { complain, reasonOf } from "../toast.js";
import { need } from "../updates.js";
import { span } from "../times.js";
import { drawRing, leftOf } from "../windows.js";
import { Answered, answerIn, wordsOf } from "./answered.js";
import { letFilesIn } from "./dropping.js";
import { draftOf, lettersOf } from "./letters.js";
import { letMessagesBeActedOn } from "./message-menu.js";
import { bubbleOf, isOptimistic } from "./optimistic.js";
import { dispatch, waitingIn } from "./outbox.js";
import { Picker } from "./picker.js";
import { Quoting } from "./quoting.js";
import { Recorder } from "./recorder.js";
import { Tray, TrayFile } from "./tray.js";
import { hold } from "./undo.js";

/** @typedef {import("./letters.js").Letter} Letter */

const LONGEST = 4096;
const LONGEST_CAPTION = 1024;
const SURE_MS = 1_500;
const canGrow = CSS.supports("field-sizing", "content");

export class Composer {
  /** Enter was pressed before the files were there. */
  #sendsWhenReady = false;
  /** Its author was told that somebody else has answered, and may send their template anyway. */
  #knowsOfAnswer = false;
  #stopped = new AbortController();

  /** @param {HTMLElement} conversation @param {import("./thread.js").Thread} thread */
  constructor(conversation, thread) {
    /** Who finds the colleagues named in a text, in a chat. @type {{idsIn(content: string): string[]} | null} */
    this.mentions = null;
    this.id = conversation.dataset.conversation ?? "";
    this.conversation = conversation;
    this.thread = thread;
    this.form = /** @type {HTMLFormElement} */ (conversation.querySelector("[data-composer]"));
    this.field = /** @type {HTMLTextAreaElement} */ (this.form.querySelector("textarea"));
    this.error = /** @type {HTMLElement} */ (this.form.querySelector("[data-composer-error]"));
    this.field.value ||= localStorage.getItem(this.#draft) ?? "";
    this.field.oninput = () => this.#changed();
    this.field.onkeydown = (event) => this.#onKey(event);
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    letMessagesBeActedOn(conversation, { reply: (bubble) => this.quoting.answer(bubble), undone: (letter) => this.#undone(letter) });
    this.answered = new Answered(this.form, { sendAnyway: () => this.form.requestSubmit(), discard: () => this.#discard() });
    this.quoting = new Quoting(conversation, () => this.field.focus());
    this.tray = new Tray(this.id, this.#part("[data-tray]"), JSON.parse(this.form.dataset.takes || "{}"), () => this.#onFiles());
    this.recorder = new Recorder(this.form, { onFile: (file) => this.#sendVoice(file), onProblem: (words) => this.#complain(words) });
    this.picker = Picker.in(conversation, (letter) => this.#sendTemplate(letter), () => this.field.focus());
    letFilesIn(conversation, this.form, (files) => this.tray.add(files), this.#stopped.signal);
    for (const letter of waitingIn(this.id)) this.thread.append(bubbleOf(letter));
    this.#grow();
    this.showWindow();
    this.clock = setInterval(() => this.showWindow(), 20_000);
  }

  /** Whether colleagues read it: WhatsApp's limits are not theirs, and what is sent is there at once. */
  get #isChat() {
    return this.form.hasAttribute("data-chat");
  }

  get #draft() {
    return draftOf(this.id);
  }

  focus() {
    if (matchMedia("(pointer: coarse)").matches) return;
    if (this.picker?.isShown) this.picker.focus();
    else this.field.focus();
  }

  stop() {
    clearInterval(this.clock);
    this.#stopped.abort();
    this.recorder.stop();
  }

  /** Open or shut, as the header says. */
  showWindow() {
    if (this.#isChat) return;
    const header = /** @type {HTMLElement | null} */ (this.conversation.querySelector(".conversation-head"));
    const ring = this.#part("[data-window]");
    const left = leftOf(header?.dataset.expires);
    ring.dataset.expires = header?.dataset.expires ?? "";
    drawRing(ring);
    this.form.toggleAttribute("data-closed", left <= 0);
    this.picker?.replaceWords(left <= 0);
    this.#part("[data-window-words]").textContent = left > 0 ? word("window-left", { time: span(left) }) : "";
  }

  /** The server refused a letter: words, file and quote come back. @param {Letter} letter @param {unknown} error */
  refuse(letter, error) {
    const answer = answerIn(error);
    this.#unsend(letter);
    if (!this.form.isConnected) complain(error); // its draft waits in the conversation that was left
    else if (letter.template) this.#complainOfTemplate(error, answer);
    else if (answer) this.answered.show(answer);
    else this.#complain(reasonOf(error));
    return true;
  }

  /** @param {unknown} error @param {import("../socket/contract").Message | null} answer */
  #complainOfTemplate(error, answer) {
    this.#knowsOfAnswer = Boolean(answer);
    this.picker?.complain(answer ? `${wordsOf(answer)} ${word("send-again")}` : reasonOf(error));
  }

  /** @param {Letter} letter */
  #unsend(letter) {
    document.getElementById(`message-${letter.clientId}`)?.remove();
    this.#takeBack(letter);
  }

  /** What the other one said is enough. */
  #discard() {
    for (const file of this.tray.take()) file.drop();
    this.quoting.take();
    this.field.value = "";
    this.answered.hide();
    this.#changed();
    this.field.focus();
  }

  /** It was taken back: it is written again, under a new id. @param {Letter} letter */
  #undone(letter) {
    const again = letter.file && new TrayFile(letter.file.file, letter.file.type); // its upload went with the message
    this.#takeBack({ ...letter, file: again });
    if (!letter.template) this.field.focus();
  }

  /** What was to be sent is being written again. @param {Letter} letter */
  #takeBack(letter) {
    if (letter.template) return void this.picker?.takeBack(letter);
    this.field.value = [letter.content, this.field.value].filter(Boolean).join("\n");
    if (letter.file) this.tray.put(letter.file);
    if (letter.quoted) this.quoting.quote(letter.quoted);
    this.#changed();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "Escape") this.field.blur();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  #submit() {
    const content = this.field.value.trim();
    const { files } = this.tray;
    const most = files.length && !this.#isChat ? LONGEST_CAPTION : LONGEST;
    if (!content && !files.length) return;
    if (content.length > most) return this.#complain(word("too-long", { count: content.length - most }));
    if (this.tray.hasFailed) return this.#complain(word("files-missing"));
    this.#sendsWhenReady = this.tray.isBusy;
    this.#onFiles();
    if (this.#sendsWhenReady) return;
    this.field.value = "";
    const letters = lettersOf(this.id, content, this.tray.take(), this.quoting.take(), this.mentions?.idsIn(content));
    const lastSeenSeq = this.#isChat || this.answered.isShown ? null : socket.seq;
    for (const letter of letters) letter.lastSeenSeq = lastSeenSeq;
    this.answered.hide();
    this.#changed();
    void this.#sendAll(letters);
    this.field.focus();
  }

  /** @param {Letter} letter */
  #sendTemplate(letter) {
    letter.lastSeenSeq = this.#knowsOfAnswer ? null : socket.seq;
    this.#knowsOfAnswer = false;
    void this.#sendAll([letter]);
  }

  /** @param {File} file */
  #sendVoice(file) {
    this.tray.add([file], "VOICE");
    this.#submit();
  }

  /** One after the other, so that they arrive in this order. @param {Letter[]} letters */
  async #sendAll(letters) {
    for (const letter of letters) this.thread.append(bubbleOf(letter));
    for (const [place, letter] of letters.entries()) {
      if (await this.#send(letter)) continue;
      for (const other of letters.slice(place + 1)) this.#unsend(other); // to be decided together
      return;
    }
  }

  /** Whether the next one may follow. @param {Letter} letter */
  async #send(letter) {
    try {
      const message = await dispatch(letter);
      if (message && !this.#isChat) hold(letter, message);
      // its fragment comes with the event; where no event gets through, it is fetched
      if (message) setTimeout(() => isOptimistic(letter) && need("message", message.id), SURE_MS);
    } catch (error) {
      this.refuse(letter, error);
      return !answerIn(error);
    }
    return true;
  }

  /** A file was added, came through, failed or went. */
  #onFiles() {
    if (!this.tray) return; // it is being made
    if (!this.tray.files.length || this.tray.hasFailed) this.#sendsWhenReady = false;
    this.form.toggleAttribute("data-filled", this.tray.files.length > 0);
    this.form.toggleAttribute("data-waiting", this.#sendsWhenReady);
    this.#part("[data-waiting-words]").hidden = !this.#sendsWhenReady;
    if (this.#sendsWhenReady && !this.tray.isBusy) this.#submit();
  }

  #changed() {
    if (this.field.value) localStorage.setItem(this.#draft, this.field.value);
    else localStorage.removeItem(this.#draft);
    this.#complain("");
    this.#grow();
  }

  #grow() {
    if (canGrow) return;
    this.field.style.setProperty("height", "auto");
    this.field.style.setProperty("height", `${this.field.scrollHeight}px`);
  }

  /** @param {string} text */
  #complain(text) {
    this.error.textContent = text;
    this.error.hidden = !text;
    this.field.setAttribute("aria-invalid", String(Boolean(text)));
  }

  /** @param {string} selector */
  #part(selector) {
    return /** @type {HTMLElement} */ (this.form.querySelector(selector));
  }
}
