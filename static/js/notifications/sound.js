// @ts-check
/** Two short tones. Browsers allow them once somebody has touched the page. */

const TONES = [
  { pitch: 880, at: 0 },
  { pitch: 1175, at: 0.13 },
];
const SECONDS = 0.35;
const LOUD = 0.12;

/** @type {AudioContext | null} */
let context = null;

/** From a click or a key: from then on there may be sound. */
export function readySound() {
  context ??= new AudioContext();
  void context.resume();
}

export function ding() {
  if (context?.state === "running") for (const { pitch, at } of TONES) sound(context, pitch, context.currentTime + at);
}

/** @param {AudioContext} on @param {number} pitch in Hz @param {number} from in the context's seconds */
function sound(on, pitch, from) {
  const tone = new OscillatorNode(on, { frequency: pitch, type: "sine" });
  const volume = new GainNode(on, { gain: 0 });
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(LOUD, from + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.0001, from + SECONDS);
  tone.connect(volume).connect(on.destination);
  tone.start(from);
  tone.stop(from + SECONDS);
}
