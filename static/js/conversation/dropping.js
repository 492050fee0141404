// @ts-check
/** How files come into the composer: chosen, pasted, dropped anywhere on the conversation. */

/**
 * @param {HTMLElement} conversation
 * @param {HTMLElement} form
 * @param {(files: File[]) => void} onFiles
 * @param {AbortSignal} signal
 */
export function letFilesIn(conversation, form, onFiles, signal) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector("[data-files]"));
  const button = /** @type {HTMLElement} */ (form.querySelector("[data-attach]"));
  button.hidden = false;
  button.onclick = () => input.click();
  input.onchange = () => {
    onFiles([...(input.files ?? [])]);
    input.value = "";
  };
  form.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    onFiles(files);
  }, { signal });
  letFilesBeDropped(conversation, form, onFiles, signal);
}

/** @param {HTMLElement} conversation @param {HTMLElement} form @param {(files: File[]) => void} onFiles @param {AbortSignal} signal */
function letFilesBeDropped(conversation, form, onFiles, signal) {
  const zone = /** @type {HTMLElement} */ (conversation.querySelector("[data-drop-zone]"));
  let depth = 0; // entering a child is told before leaving its parent
  /** @param {number} by */
  const inside = (by) => {
    depth = Math.max(0, by ? depth + by : 0);
    zone.hidden = !depth;
  };
  /** @param {string} name @param {(event: DragEvent) => void} then */
  const on = (name, then) =>
    conversation.addEventListener(name, (event) => {
      if (!(event instanceof DragEvent) || !event.dataTransfer?.types.includes("Files") || form.hasAttribute("data-closed")) return;
      event.preventDefault();
      then(event);
    }, { signal });
  on("dragenter", () => inside(1));
  on("dragleave", () => inside(-1));
  on("dragover", () => {});
  on("drop", (event) => {
    inside(0);
    onFiles([...(event.dataTransfer?.files ?? [])]);
  });
}
