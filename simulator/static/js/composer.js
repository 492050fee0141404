// @ts-check
// Writing, choosing files, pasting pictures, replying.
import { post } from "./posting.js";

/** @param {HTMLElement} chat */
export function startComposer(chat) {
  const composer = new Composer(/** @type {HTMLFormElement} */ (chat.querySelector("[data-composer]")));
  chat.addEventListener("reply", (event) => composer.reply(/** @type {CustomEvent} */ (event).detail));
  chat.addEventListener("edit", (event) => composer.edit(/** @type {CustomEvent} */ (event).detail));
  startFiles(chat, composer.form);
  if (matchMedia("(hover: hover)").matches) composer.field.focus();
}

/** The field, what it replies to or edits, and its draft. */
class Composer {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.field = /** @type {HTMLTextAreaElement} */ (form.querySelector("[data-text-field]"));
    this.draft = `draft:${form.action}`;
    /** Where an edited text goes; empty for a new message. */
    this.editing = "";
    this.field.value = sessionStorage.getItem(this.draft) ?? "";
    this.refresh();
    this.listen();
  }

  listen() {
    this.field.addEventListener("input", () => this.refresh());
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.drop();
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      void this.send();
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
    this.form.querySelector("[data-drop-reply]")?.addEventListener("click", () => this.drop());
    this.field.addEventListener("paste", (event) => {
      const [file] = event.clipboardData?.files ?? [];
      if (file) void sendFile(this.form, file);
    });
  }

  refresh() {
    const isEmpty = this.field.value.trim() === "";
    show(this.form, "[data-send]", !isEmpty);
    show(this.form, "[data-record]", isEmpty);
    if (!this.editing) sessionStorage.setItem(this.draft, this.field.value);
  }

  /** @param {string} text */
  write(text) {
    this.field.value = text;
    this.refresh();
    this.field.focus();
  }

  /** Send what is written; it comes back into the field if that fails. */
  async send() {
    const text = this.field.value;
    if (text.trim() === "") return;
    const data = new FormData(this.form);
    const address = this.editing || this.form.action;
    this.editing = "";
    dropReply(this.form);
    this.write("");
    const response = await post(address, data);
    if (!response?.ok && this.field.value === "") this.write(text);
  }

  /** @param {{wamid: string, preview: string}} message */
  reply(message) {
    const hidden = this.form.querySelector("[data-reply-to]");
    if (hidden instanceof HTMLInputElement) hidden.value = message.wamid;
    this.about(message.preview);
  }

  /** @param {{address: string, text: string}} message */
  edit(message) {
    this.editing = message.address;
    this.about(message.text);
    this.write(message.text);
  }

  /** @param {string} text */
  about(text) {
    const label = this.form.querySelector("[data-replying-to]");
    if (label) label.textContent = text;
    show(this.form, "[data-replying]", true);
    this.field.focus();
  }

  /** Neither reply nor edit after all. */
  drop() {
    if (this.editing) {
      this.editing = "";
      this.write("");
    }
    dropReply(this.form);
  }
}

/**
 * @param {HTMLElement} root
 * @param {string} selector
 * @param {boolean} isShown
 */
function show(root, selector, isShown) {
  const found = root.querySelector(selector);
  if (found instanceof HTMLElement) found.hidden = !isShown;
}

/** @param {HTMLFormElement} form */
function dropReply(form) {
  const hidden = form.querySelector("[data-reply-to]");
  if (hidden instanceof HTMLInputElement) hidden.value = "";
  show(form, "[data-replying]", false);
}

/**
 * Send a file at once, as a reply if one is being written.
 * @param {HTMLFormElement} form
 * @param {File} file
 * @param {boolean} [isVoice]
 */
export async function sendFile(form, file, isVoice = false) {
  const data = new FormData();
  data.set("file", file);
  const hidden = form.querySelector("[data-reply-to]");
  if (hidden instanceof HTMLInputElement) data.set("reply_to", hidden.value);
  if (isVoice) data.set("is_voice", "on");
  dropReply(form);
  await post(form.action, data);
}

/**
 * @param {HTMLElement} chat
 * @param {HTMLFormElement} form
 */
function startFiles(chat, form) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector("[data-file]"));
  const menu = /** @type {HTMLElement} */ (chat.querySelector("[data-attach]"));
  const opener = /** @type {HTMLElement} */ (form.querySelector("[popovertarget]"));
  let isVoice = false;
  menu.addEventListener("toggle", () => {
    const at = opener.getBoundingClientRect();
    menu.style.left = `${at.left}px`;
    menu.style.bottom = `${innerHeight - at.top + 8}px`;
  });
  menu.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-pick]") : null;
    if (!(button instanceof HTMLElement)) return;
    isVoice = "voice" in button.dataset;
    input.accept = button.dataset.pick ?? "";
    menu.hidePopover();
    input.click();
  });
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) void sendFile(form, file, isVoice);
    input.value = "";
  });
}
