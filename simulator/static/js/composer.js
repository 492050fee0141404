// @ts-check
// Writing, choosing files, pasting pictures, replying.
import { post } from "./posting.js";

/** @param {HTMLElement} chat */
export function startComposer(chat) {
  const form = /** @type {HTMLFormElement} */ (chat.querySelector("[data-composer]"));
  const field = /** @type {HTMLTextAreaElement} */ (form.querySelector("[data-text-field]"));
  const draft = `draft:${form.action}`;

  const refresh = () => {
    const isEmpty = field.value.trim() === "";
    show(form, "[data-send]", !isEmpty);
    show(form, "[data-record]", isEmpty);
    sessionStorage.setItem(draft, field.value);
  };
  const send = async () => {
    const data = new FormData(form);
    if (field.value.trim() === "") return;
    const text = field.value;
    field.value = "";
    dropReply(form);
    refresh();
    field.focus();
    if (!(await post(form.action, data))?.ok && field.value === "") {
      field.value = text;
      refresh();
    }
  };

  field.value = sessionStorage.getItem(draft) ?? "";
  refresh();
  field.addEventListener("input", refresh);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  form.querySelector("[data-drop-reply]")?.addEventListener("click", () => dropReply(form));
  field.addEventListener("paste", (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (file) void sendFile(form, file);
  });
  chat.addEventListener("reply", (event) => startReply(form, field, /** @type {CustomEvent} */ (event).detail));
  startFiles(chat, form);
  if (matchMedia("(hover: hover)").matches) field.focus();
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

/**
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} field
 * @param {{wamid: string, preview: string}} message
 */
function startReply(form, field, message) {
  const hidden = form.querySelector("[data-reply-to]");
  const label = form.querySelector("[data-replying-to]");
  if (hidden instanceof HTMLInputElement) hidden.value = message.wamid;
  if (label) label.textContent = message.preview;
  show(form, "[data-replying]", true);
  field.focus();
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
