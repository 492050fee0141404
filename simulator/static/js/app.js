// @ts-check
// The phone: each module finds its own elements by data-* attributes and does nothing without them.
import { startBubbleMenu } from "./bubble-menu.js";
import { startComposer } from "./composer.js";
import { startControls } from "./controls.js";
import { startLive } from "./live.js";
import { startPosts } from "./posting.js";
import { startRecorder } from "./recorder.js";
import { localise } from "./times.js";

localise(document.body);
startPosts();
startControls();

const chat = document.querySelector("[data-chat]");
if (chat instanceof HTMLElement) {
  startBubbleMenu(chat);
  startRecorder(chat);
  startComposer(chat);
  startLive(chat);
}
