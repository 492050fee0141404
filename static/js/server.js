// @ts-check
/** Asking the server: by the socket where there is one, else by the form that does the same. */

import { byId } from "./page.js";
import { RecadoError, RecadoSocket } from "./recado-socket.js";

const { seq, eventsUrl } = document.body.dataset;

export const socket = new RecadoSocket({
  html: true,
  language: document.documentElement.lang,
  seq: seq === undefined ? null : Number(seq),
  eventsUrl,
});

/**
 * @param {string} url
 * @param {Record<string, string | number | null | undefined>} fields
 * @returns {Promise<any>}
 */
export async function post(url, fields = {}) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && value !== undefined) body.set(name, String(value));
  }
  return answerOf(await reach(url, { method: "POST", body, headers: { "X-CSRFToken": token() } }));
}

/** @param {string | URL} url @returns {Promise<any>} */
export async function get(url) {
  return answerOf(await reach(url));
}

/** A piece of a page. @param {string | URL} url @param {string} fragment @param {AbortSignal} [signal] */
export async function piece(url, fragment, signal) {
  const response = await reach(url, { headers: { "X-Recado-Fragment": fragment, Accept: "text/html" }, signal });
  if (!response.ok) throw new RecadoError({ code: response.status === 404 ? "not_found" : "internal" });
  return response.text();
}

/**
 * Do something by the socket; where there is none, by `url` with these form fields.
 * @template {keyof import("./socket/contract.d.ts").Commands} C
 * @param {C} command
 * @param {import("./socket/contract.d.ts").Commands[C]["data"]} data
 * @param {string} url
 * @param {Record<string, any>} fields
 */
export async function ask(command, data, url, fields) {
  try {
    return await patiently(command, data);
  } catch (error) {
    if (error instanceof RecadoError && error.code === "disconnected") return post(url, fields);
    throw error;
  }
}

/** Whoever was too fast is asked again when the server has time. @param {string} command @param {object} data */
async function patiently(command, data) {
  try {
    return await socket.ask(command, data);
  } catch (error) {
    if (!(error instanceof RecadoError) || error.code !== "rate_limited") throw error;
    await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs));
    return socket.ask(command, data);
  }
}

/** @param {string | URL} url @param {RequestInit} [options] */
async function reach(url, options = {}) {
  const headers = { Accept: "application/json", ...options.headers };
  try {
    const response = await fetch(url, { ...options, headers, credentials: "same-origin" });
    if (response.status === 401) document.dispatchEvent(new CustomEvent("recado:signed-out"));
    return response;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new RecadoError({ code: "disconnected" });
  }
}

/** @param {Response} response */
async function answerOf(response) {
  const body = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : null;
  if (response.ok) return body;
  throw new RecadoError(body?.error ?? { code: "internal" });
}

/** The token of the page's forms. */
export function token() {
  return /** @type {HTMLInputElement} */ (byId("act").querySelector("[name=csrfmiddlewaretoken]")).value;
}

/**
 * Do something by the socket; where there is none, by the REST endpoint that takes the same JSON.
 * @template {keyof import("./socket/contract").Commands} C
 * @param {C} command
 * @param {import("./socket/contract").Commands[C]["data"]} data
 * @param {"POST" | "PATCH" | "PUT" | "DELETE"} method
 * @param {string} url
 * @returns {Promise<any>}
 */
export async function use(command, data, method, url) {
  try {
    return await patiently(command, data);
  } catch (error) {
    if (error instanceof RecadoError && error.code === "disconnected") return rest(method, url, data);
    throw error;
  }
}

/** @param {string} method @param {string} url @param {object} data */
async function rest(method, url, data) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
  const response = await reach(url, { method, body: JSON.stringify(data), headers });
  const body = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
  if (response.ok) return body;
  throw new RecadoError({ code: body?.code ?? "internal", message: body?.detail, fields: body?.fields });
}
