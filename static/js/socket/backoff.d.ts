/**
 * How long to wait before the next attempt: twice as long each time, and never the same for two clients.
 * @param {number} attempt 0 for the first
 * @param {() => number} [random]
 */
export function backoff(attempt: number, random?: () => number): number;
/**
 * A moment somewhere in a span, so that clients of a server that restarts do not come back all at once.
 * @param {number} spanMs
 */
export function somewhereIn(spanMs: number): number;
