// @ts-check
// Everything the page tells the server, and the sentence shown when that fails.

const TOAST_MS = 4000;
let hiding = 0;

/** @returns {string} */
function csrfToken() {
  return document.cookie.match(/(?:^|; )simulator_csrf=([^;]*)/)?.[1] ?? "";
}

/**
 * POST a form; a refusal is shown to the reader, in the server's words where it has some.
 * @param {string} url
 * @param {FormData} [data]
 * @returns {Promise<Response | null>} null when the server could not be reached
 */
export async function post(url, data = new FormData()) {
  try {
    const response = await fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": csrfToken() } });
    if (!response.ok) toast((await words(response)) || sentence("refused"));
    return response;
  } catch {
    toast(sentence("silent"));
    return null;
  }
}

/**
 * @param {Response} response
 * @returns {Promise<string>}
 */
async function words(response) {
  const isText = response.headers.get("Content-Type")?.startsWith("text/plain");
  return isText ? response.clone().text() : "";
}

/**
 * A sentence of the page, in its language.
 * @param {string} name
 */
function sentence(name) {
  const element = document.querySelector("[data-toast]");
  return (element instanceof HTMLElement && element.dataset[name]) || "";
}

/** @param {string} text */
export function toast(text) {
  const element = document.querySelector("[data-toast]");
  if (!(element instanceof HTMLElement) || text === "") return;
  element.textContent = text;
  element.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (element.hidden = true), TOAST_MS);
}

/** Buttons that only POST: `data-post` is the address. */
export function startPosts() {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-post]") : null;
    if (!(button instanceof HTMLButtonElement)) return;
    const menu = button.closest("[popover]");
    if (menu instanceof HTMLElement) menu.hidePopover();
    void post(button.dataset.post ?? "");
  });
}
