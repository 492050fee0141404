// @ts-check
/** Light, dark, or as the system has it: kept in a cookie, so that the server paints the first pixel right. */

const YEAR = 365 * 24 * 3600;

export function chooseTheme() {
  const choice = document.querySelector("[data-theme-choice]");
  choice?.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (button) wear(button.value, choice);
  });
}

/** @param {string} theme @param {Element} choice */
function wear(theme, choice) {
  const root = document.documentElement;
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  document.cookie = `recado_theme=${theme}; path=/; max-age=${theme ? YEAR : 0}; samesite=lax`;
  for (const button of choice.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === theme));
}
