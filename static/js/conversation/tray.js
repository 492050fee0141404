// @ts-check
/** Files between choosing and sending: shown small, uploaded at once, removed or tried again. Kept per conversation. */

import { copyOf, language, word } from "../page.js";
import { reasonOf } from "../toast.js";
import { Upload } from "./upload.js";

/** @typedef {"TEXT" | "IMAGE" | "VIDEO" | "AUDIO" | "VOICE" | "DOCUMENT" | "TEMPLATE"} Kind what a message is */
/** @typedef {Record<string, {types: string[], size: number, advice: string}>} Takes what WhatsApp takes, by type */

/** @type {Map<string, TrayFile[]>} */
const trays = new Map();

export class TrayFile {
  id = "";
  /** @type {"waiting" | "uploading" | "ready" | "failed"} */
  state = "waiting";
  /** @type {Upload | null} */
  #upload = null;
  onChange = () => {};

  /** @param {File} file @param {Kind} type of the message it becomes @param {string} problem why it cannot be sent */
  constructor(file, type, problem = "") {
    this.file = file;
    this.type = type;
    this.address = URL.createObjectURL(file);
    this.element = copyOf("tray-file");
    this.bar = /** @type {HTMLProgressElement} */ (this.element.querySelector("progress"));
    this.again = /** @type {HTMLElement} */ (this.element.querySelector("[data-again]"));
    this.#draw();
    if (problem) this.#fail(problem, false);
    else void this.upload();
  }

  async upload() {
    this.#set("uploading");
    const upload = (this.#upload ??= new Upload(this.file, (share) => (this.bar.value = share)));
    try {
      const { id } = await upload.run();
      this.id = id;
      this.#set("ready");
    } catch (error) {
      if (this.#upload === upload) this.#fail(error instanceof Error && error.message ? reasonOf(error) : word("not-uploaded"), true);
    }
  }

  /** Not to be sent: nobody has to keep it. */
  drop() {
    const upload = this.#upload;
    this.#upload = null;
    upload?.end();
    this.letGo();
    this.element.remove();
  }

  /** Nobody looks at it any more: the browser need not keep its bytes for its address. */
  letGo() {
    URL.revokeObjectURL(this.address);
  }

  #draw() {
    const picture = /** @type {HTMLElement} */ (this.element.querySelector(".tray-picture"));
    if (this.type === "IMAGE") picture.replaceChildren(Object.assign(new Image(), { src: this.address, alt: "" }));
    /** @type {HTMLElement} */ (this.element.querySelector("[data-name]")).textContent = this.file.name;
    /** @type {HTMLElement} */ (this.element.querySelector("[data-size]")).textContent = sizeOf(this.file.size);
    this.again.onclick = () => void this.upload();
  }

  /** @param {string} reason @param {boolean} mayPass */
  #fail(reason, mayPass) {
    this.#set("failed");
    this.again.hidden = !mayPass;
    /** @type {HTMLElement} */ (this.element.querySelector("[data-problem]")).textContent = reason;
  }

  /** @param {"uploading" | "ready" | "failed"} state */
  #set(state) {
    this.state = state;
    this.element.dataset.state = state;
    this.bar.hidden = state !== "uploading";
    this.again.hidden = true;
    /** @type {HTMLElement} */ (this.element.querySelector("[data-problem]")).textContent = "";
    this.onChange();
  }
}

export class Tray {
  /** @param {string} conversationId @param {HTMLElement} list @param {Takes} takes @param {() => void} onChange */
  constructor(conversationId, list, takes, onChange) {
    this.list = list;
    this.takes = takes;
    this.onChange = onChange;
    this.files = trays.get(conversationId) ?? [];
    trays.set(conversationId, this.files);
    this.files.forEach((file) => this.#show(file));
    this.#changed();
  }

  get isBusy() {
    return this.files.some((file) => file.state === "uploading");
  }

  get hasFailed() {
    return this.files.some((file) => file.state === "failed");
  }

  /** @param {Iterable<File>} files @param {Kind} [type] unless it follows from the file */
  add(files, type) {
    for (const file of files) {
      const kind = type ?? kindOf(file);
      this.put(new TrayFile(file, kind, this.#problemOf(file, kind)));
    }
  }

  /** @param {TrayFile} file */
  put(file) {
    this.files.push(file);
    this.#show(file);
    this.#changed();
  }

  /** All of them, out of the tray. */
  take() {
    const files = this.files.splice(0);
    for (const file of files) file.element.remove();
    this.#changed();
    return files;
  }

  /** @param {TrayFile} file */
  #show(file) {
    file.onChange = () => this.onChange();
    /** @type {HTMLElement} */ (file.element.querySelector("[data-remove]")).onclick = () => {
      file.drop();
      this.files.splice(this.files.indexOf(file), 1);
      this.#changed();
    };
    this.list.append(file.element);
  }

  #changed() {
    this.list.hidden = !this.files.length;
    this.onChange();
  }

  /** Why WhatsApp would refuse it, before it is uploaded. The server looks inside. @param {File} file @param {Kind} kind */
  #problemOf(file, kind) {
    const taken = this.takes[kind];
    const named = file.type.split(";")[0];
    if (!taken) return "";
    if (named && kind !== "DOCUMENT" && !taken.types.includes(named)) return taken.advice;
    return file.size > taken.size ? word("too-large", { limit: sizeOf(taken.size) }) : "";
  }
}

/** @type {Record<string, Kind>} */
const KINDS = { image: "IMAGE", video: "VIDEO", audio: "AUDIO" };

/** As what a file is sent. @param {File} file */
function kindOf(file) {
  return KINDS[file.type.split("/")[0]] ?? "DOCUMENT";
}

/** "2.4 MB". @param {number} bytes */
export function sizeOf(bytes) {
  if (bytes < 1024) return new Intl.NumberFormat(language, { style: "unit", unit: "byte", unitDisplay: "long" }).format(bytes);
  const [unit, size] = bytes < 1024 * 1024 ? ["kilobyte", bytes / 1024] : ["megabyte", bytes / 1024 / 1024];
  return new Intl.NumberFormat(language, { style: "unit", unit: String(unit), maximumFractionDigits: 1 }).format(Number(size));
}
