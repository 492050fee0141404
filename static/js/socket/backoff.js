// @ts-check

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * How long to wait before the next attempt: twice as long each time, and never the same for two clients.
 * @param {number} attempt 0 for the first
 * @param {() => number} [random]
 */
export function backoff(attempt, random = Math.random) {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return longest * (0.5 + random() / 2);
}

/**
 * A moment somewhere in a span, so that clients of a server that restarts do not come back all at once.
 * @param {number} spanMs
 */
export function somewhereIn(spanMs) {
  return 200 + Math.random() * spanMs;
}
