// @ts-check
// Voice notes. The server puts a WebM recording into Ogg, as phones send it.
import { sendFile } from "./composer.js";
import { toast } from "./posting.js";

/** @param {HTMLElement} chat */
export function startRecorder(chat) {
  const form = /** @type {HTMLFormElement} */ (chat.querySelector("[data-composer]"));
  const record = /** @type {HTMLElement} */ (form.querySelector("[data-record]"));
  const cancel = /** @type {HTMLElement} */ (form.querySelector("[data-cancel-recording]"));
  const recording = new Recording(form);
  record.addEventListener("click", () => void (recording.isOn ? recording.finish(true) : recording.begin()));
  cancel.addEventListener("click", () => void recording.finish(false));
}

/** One recording at a time. */
class Recording {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    /** @type {MediaRecorder | null} */
    this.recorder = null;
    /** @type {Blob[]} */
    this.parts = [];
    this.ticking = 0;
  }

  get isOn() {
    return this.recorder !== null;
  }

  async begin() {
    try {
      const sound = await navigator.mediaDevices.getUserMedia({ audio: true });
      this.recorder = new MediaRecorder(sound, { audioBitsPerSecond: 24_000 });
    } catch {
      toast(this.form.querySelector("[data-no-microphone]")?.textContent ?? "");
      return;
    }
    this.parts = [];
    this.recorder.addEventListener("dataavailable", (event) => this.parts.push(event.data));
    this.recorder.start();
    const started = Date.now();
    this.ticking = setInterval(() => this.count(Date.now() - started), 250);
    this.draw();
  }

  /** @param {number} milliseconds */
  count(milliseconds) {
    const seconds = Math.floor(milliseconds / 1000);
    const label = this.form.querySelector("[data-seconds]");
    if (label) label.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  /** @param {boolean} isWanted */
  async finish(isWanted) {
    const recorder = this.recorder;
    if (!recorder) return;
    const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
    recorder.stop();
    await stopped;
    for (const track of recorder.stream.getTracks()) track.stop();
    clearInterval(this.ticking);
    this.count(0);
    this.recorder = null;
    this.draw();
    if (isWanted) await sendFile(this.form, new File(this.parts, "voice", { type: recorder.mimeType }), true);
  }

  draw() {
    for (const [selector, isShown] of /** @type {[string, boolean][]} */ ([
      ["[data-recording]", this.isOn],
      ["[data-cancel-recording]", this.isOn],
      ["[data-text-field]", !this.isOn],
    ])) {
      const found = this.form.querySelector(selector);
      if (found instanceof HTMLElement) found.hidden = !isShown;
    }
    this.form.querySelector("[data-record] use")?.setAttribute("href", this.icon(this.isOn ? "send" : "mic"));
  }

  /** @param {string} name */
  icon(name) {
    const sheet = this.form.querySelector("use")?.getAttribute("href")?.split("#")[0] ?? "";
    return `${sheet}#${name}`;
  }
}
