// @ts-check
// Everything the page tells the server, and the sentence shown when that fails.

const TOAST_MS = 4000;
let hiding = 0;

/** @returns {string} */
function csrfToken() {
  return document.cookie.match(/(?:^|; )simulator_csrf=([^;]*)/)?.[1] ?? "";
}

/**
 * POST a form; a refusal is shown to the reader.
 * @param {string} url
 * @param {FormData} [data]
 * @returns {Promise<Response | null>} null when it failed
 */
export async function post(url, data = new FormData()) {
  try {
    const response = await fetch(url, { method: "POST", body: data, headers: { "X-CSRFToken": csrfToken() } });
    if (response.ok) return response;
    const isText = response.headers.get("Content-Type")?.startsWith("text/plain");
    toast(response.status === 400 && isText ? await response.text() : `HTTP ${response.status}`);
    return response.status === 400 ? response : null;
  } catch {
    toast("…");
    return null;
  }
}

/** @param {string} text */
export function toast(text) {
  const element = document.querySelector("[data-toast]");
  if (!(element instanceof HTMLElement)) return;
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
    button.closest("[popover]")?.hidePopover();
    void post(button.dataset.post ?? "");
  });
}
