// @ts-check
/** Recording a voice note: one press begins, one sends. The server turns what a browser records into what WhatsApp takes. */

import { word } from "../page.js";

const KINDS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const LONGEST_MS = 15 * 60 * 1000;
const SHORTEST_MS = 500;
const TICK_MS = 250;

export class Recorder {
  /** @type {MediaRecorder | null} */
  #recorder = null;
  #begun = 0;
  /** The question for the microphone that counts: the browser may be slow to ask, and whoever asked be gone by then. */
  #asked = 0;
  /** @type {any} */
  #clock = 0;

  /**
   * @param {HTMLElement} form
   * @param {{onFile: (file: File) => void, onProblem: (words: string) => void}} hooks
   */
  constructor(form, { onFile, onProblem }) {
    this.box = /** @type {HTMLElement} */ (form.querySelector(".composer-box"));
    this.row = /** @type {HTMLElement} */ (form.querySelector("[data-recording]"));
    this.time = /** @type {HTMLElement} */ (form.querySelector("[data-recording-time]"));
    this.button = /** @type {HTMLElement} */ (form.querySelector("[data-record]"));
    this.onFile = onFile;
    this.onProblem = onProblem;
    this.button.hidden = !("MediaRecorder" in window && navigator.mediaDevices);
    this.button.onclick = () => void this.#begin();
    /** @type {HTMLElement} */ (form.querySelector("[data-record-discard]")).onclick = () => this.stop();
    /** @type {HTMLElement} */ (form.querySelector("[data-record-send]")).onclick = () => this.#send();
    this.row.onkeydown = (event) => event.key === "Escape" && (event.stopPropagation(), this.stop());
  }

  /** Forget what is being recorded. */
  stop() {
    this.#asked += 1;
    if (!this.#recorder) return;
    this.#recorder.onstop = null;
    this.#end();
    this.button.focus();
  }

  async #begin() {
    const asked = (this.#asked += 1);
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } });
      if (asked === this.#asked) this.#record(stream);
      else mute(stream);
    } catch {
      this.onProblem(word("no-microphone"));
    }
  }

  /** @param {MediaStream} stream */
  #record(stream) {
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    /** @type {Blob[]} */
    const parts = [];
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 32_000 });
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => this.#finish(new Blob(parts, { type: recorder.mimeType }));
    recorder.start(TICK_MS);
    this.#recorder = recorder;
    this.#begun = Date.now();
    this.#clock = setInterval(() => this.#tick(), TICK_MS);
    this.#show(true);
    /** @type {HTMLElement} */ (this.row.querySelector("[data-record-send]")).focus();
  }

  #tick() {
    const seconds = Math.floor((Date.now() - this.#begun) / 1000);
    this.time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (Date.now() - this.#begun > LONGEST_MS) this.#send();
  }

  #send() {
    this.#end();
  }

  /** Stop the microphone; `onstop` of the recorder follows. */
  #end() {
    const recorder = this.#recorder;
    this.#recorder = null;
    clearInterval(this.#clock);
    recorder?.stop();
    if (recorder) mute(recorder.stream);
    this.#show(false);
    this.time.textContent = "0:00";
  }

  /** @param {Blob} sound */
  #finish(sound) {
    if (Date.now() - this.#begun < SHORTEST_MS || !sound.size) return this.onProblem(word("too-short"));
    const type = sound.type.split(";")[0];
    return this.onFile(new File([sound], `voice.${type.split("/")[1]}`, { type }));
  }

  /** @param {boolean} isRecording */
  #show(isRecording) {
    this.row.hidden = !isRecording;
    this.box.hidden = isRecording;
  }
}

/** The microphone is off. @param {MediaStream} stream */
function mute(stream) {
  for (const track of stream.getTracks()) track.stop();
}
