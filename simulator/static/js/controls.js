// @ts-check
// The pane that says what happens next: it saves itself at every change.
import { element } from "./fragment.js";
import { post } from "./posting.js";

export function startControls() {
  const pane = document.querySelector("[data-controls]");
  if (!(pane instanceof HTMLElement)) return;
  pane.addEventListener("change", (event) => {
    const form = event.target instanceof Element ? event.target.closest("[data-behaviour-form]") : null;
    if (form instanceof HTMLFormElement) void save(form);
  });
  pane.addEventListener("submit", (event) => event.preventDefault());
  for (const button of document.querySelectorAll("[data-open-controls]")) {
    button.addEventListener("click", () => pane.classList.add("open"));
  }
  for (const button of document.querySelectorAll("[data-close-controls]")) {
    button.addEventListener("click", () => pane.classList.remove("open"));
  }
  document.addEventListener("keydown", (event) => event.key === "Escape" && pane.classList.remove("open"));
  showErrorCodes();
}

/** @param {HTMLFormElement} form */
async function save(form) {
  const response = await post(form.action, new FormData(form));
  if (response?.headers.get("Content-Type")?.startsWith("text/html") && response.status <= 400) {
    showBehaviour(await response.text());
  }
}

/**
 * Swap the form, keeping the focus, what is half typed and the open details.
 * @param {string} html
 */
export function showBehaviour(html) {
  const holder = document.querySelector("[data-behaviour]");
  const fresh = element(html);
  if (!holder || !fresh) return;
  const active = document.activeElement;
  const typed = active instanceof HTMLInputElement && holder.contains(active) ? active : null;
  const focused = active && holder.contains(active) ? active.id : "";
  const wasOpen = holder.querySelector("details")?.open ?? false;
  holder.replaceChildren(fresh);
  const details = holder.querySelector("details");
  if (details) details.open = wasOpen;
  const again = focused ? document.getElementById(focused) : null;
  if (typed && again instanceof HTMLInputElement && typed.type !== "checkbox") again.value = typed.value;
  again?.focus();
  showErrorCodes();
}

/** The error code only matters where sends fail. */
function showErrorCodes() {
  const outcome = document.getElementById("behaviour-outcome");
  const codes = document.querySelector("[data-only-for]");
  if (!(outcome instanceof HTMLSelectElement) || !(codes instanceof HTMLElement)) return;
  codes.hidden = outcome.value !== codes.dataset.onlyFor;
}
