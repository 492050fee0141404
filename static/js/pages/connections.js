// @ts-check
/** The admin's page of connections: asks for its figures again while somebody looks at them. */

const EVERY = 3_000;

const live = /** @type {HTMLElement} */ (document.querySelector("[data-live]"));
const stale = /** @type {HTMLElement} */ (document.querySelector(".figures-stale"));

async function refresh() {
  if (document.hidden) return;
  const figures = await ask();
  stale.hidden = figures !== null;
  if (figures !== null) live.innerHTML = figures;
}

/** The page's piece, or null if the server does not give it (signed out: the page itself would say so). */
async function ask() {
  try {
    const answer = await fetch(location.href, { headers: { "X-Recado-Fragment": "figures" }, redirect: "error" });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

async function keepFresh() {
  await refresh();
  setTimeout(keepFresh, EVERY);
}

document.addEventListener("visibilitychange", refresh);
setTimeout(keepFresh, EVERY);
