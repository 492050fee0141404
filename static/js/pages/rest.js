// @ts-check
/** Swagger UI in the theme that the other pages have. No module: it runs before the first paint. */

{
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = /(?:^|; )recado_theme=(light|dark)/.exec(document.cookie)?.[1];
  const wear = () => document.documentElement.classList.toggle("dark-mode", chosen ? chosen === "dark" : system.matches);

  system.addEventListener("change", wear);
  wear();
}
