// @ts-check
/** Bringing a file to the server in parts (tus 1.0): says how far it is, goes on where it stopped, can be ended. */

import { RecadoError } from "../recado-socket.js";
import { get, token } from "../server.js";

/** @typedef {{id: string, mimeType: string, filename: string, size: number, url: string, thumbnailUrl: string | null}} Attachment */

const PART = 4 * 1024 * 1024;
const PATIENCE_MS = 1_000;
const ATTEMPTS = 6;
const PLACE = "/api/uploads";

export class Upload {
  /** Where its parts go, once the server knows of it. */
  #place = "";
  #offset = 0;
  #ended = false;
  /** @type {XMLHttpRequest | null} */
  #request = null;

  /** @param {File} file @param {(share: number) => void} onProgress told 0 to 1 */
  constructor(file, onProgress) {
    this.file = file;
    this.onProgress = onProgress;
  }

  /** Bring all of it, or what is missing of it. Rejects with a RecadoError. @returns {Promise<Attachment>} */
  async run() {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#bring();
      } catch (error) {
        if (this.#ended || attempt === ATTEMPTS || !mayPass(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS * 2 ** (attempt - 1)));
      }
    }
  }

  /** Stop, and let the server forget it. */
  end() {
    this.#ended = true;
    this.#request?.abort();
    if (this.#place) void this.#ask("DELETE", this.#place).catch(() => {});
  }

  async #bring() {
    if (this.#place) this.#offset = Number((await this.#ask("HEAD", this.#place)).getResponseHeader("Upload-Offset"));
    else await this.#begin();
    do await this.#next();
    while (this.#offset < this.file.size);
    return get(this.#place.replace("uploads", "attachments"));
  }

  async #begin() {
    const named = { filename: this.file.name, filetype: this.file.type };
    const words = Object.entries(named).map(([name, value]) => `${name} ${inBase64(value)}`);
    const headers = { "Upload-Length": String(this.file.size), "Upload-Metadata": words.join(",") };
    this.#place = (await this.#ask("POST", PLACE, headers)).getResponseHeader("Location") ?? "";
  }

  async #next() {
    const part = this.file.slice(this.#offset, this.#offset + PART);
    const headers = { "Upload-Offset": String(this.#offset), "Content-Type": "application/offset+octet-stream" };
    const answer = await this.#ask("PATCH", this.#place, headers, part);
    this.#offset = Number(answer.getResponseHeader("Upload-Offset"));
    this.onProgress(this.#offset / this.file.size);
  }

  /**
   * By XMLHttpRequest: fetch does not tell how much has left.
   * @param {string} method @param {string} url @param {Record<string, string>} [headers] @param {Blob} [body]
   * @returns {Promise<XMLHttpRequest>}
   */
  #ask(method, url, headers = {}, body) {
    const request = new XMLHttpRequest();
    if (method === "PATCH") this.#request = request;
    request.open(method, url);
    for (const [name, value] of Object.entries({ "Tus-Resumable": "1.0.0", "X-CSRFToken": token(), Accept: "application/json", ...headers })) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => this.onProgress(Math.min(1, (this.#offset + loaded) / this.file.size));
    return new Promise((resolve, reject) => {
      request.onload = () => (request.status < 300 ? resolve(request) : reject(errorOf(request)));
      request.onerror = request.onabort = () => reject(new RecadoError({ code: "disconnected" }));
      request.send(body);
    });
  }
}

/** @param {XMLHttpRequest} request */
function errorOf({ status, responseText }) {
  if (status === 0 || status >= 500) return new RecadoError({ code: "disconnected" });
  try {
    const { code, detail, fields } = JSON.parse(responseText);
    return new RecadoError({ code, message: detail, fields });
  } catch {
    return new RecadoError({ code: status === 413 ? "too_large" : "internal" });
  }
}

/** Whether trying again may help: a lost connection, or a part that came twice. @param {unknown} error */
function mayPass(error) {
  return error instanceof RecadoError && (error.code === "disconnected" || error.code === "conflict");
}

/** @param {string} text */
function inBase64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
