// @ts-check

/**
 * @typedef {{type: string, seq?: number, prev?: number, at?: string, data: any}} RecadoEvent
 */

/**
 * The order of the tenant's event log, as this client sees it: what was seen, what is missing, what waits for it.
 */
export class Sequence {
  /** The newest seq that was handed on; null before the first. @type {number | null} */
  seen = null;
  /** Events that came while older ones are being fetched. @type {RecadoEvent[]} */
  #waiting = [];
  #fetching = false;

  /** @param {number | null} [seen] */
  constructor(seen = null) {
    this.seen = seen;
  }

  /** Hold back what comes from now on. */
  pause() {
    this.#fetching = true;
  }

  /** Hand on what was held back. @returns {{events: RecadoEvent[], hole: boolean}} */
  resume() {
    this.#fetching = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    return this.take(waiting);
  }

  /**
   * What of these events may be handed on now, in order and once. `hole`: older ones are missing, ask for those after
   * `seen`; the rest waits.
   * @param {RecadoEvent[]} events
   * @returns {{events: RecadoEvent[], hole: boolean}}
   */
  take(events) {
    /** @type {RecadoEvent[]} */
    const ready = [];
    for (const [place, event] of events.entries()) {
      if (this.#fetching && event.seq) this.#waiting.push(event);
      else if (this.#isMissedBefore(event)) {
        this.#fetching = true;
        this.#waiting.push(...events.slice(place));
        return { events: ready, hole: true };
      } else if (this.#isNews(event)) ready.push(event);
    }
    return { events: ready, hole: false };
  }

  /** Events that were fetched, oldest first, up to `seq`. @param {RecadoEvent[]} events @param {number} seq */
  fetched(events, seq) {
    const news = events.filter((event) => this.#isNews(event));
    this.seen = Math.max(this.seen ?? 0, seq);
    return news;
  }

  /** @param {RecadoEvent} event */
  #isMissedBefore(event) {
    return this.seen !== null && event.prev !== undefined && event.seq !== undefined && event.seq > this.seen && event.prev > this.seen;
  }

  /** Fragments carry the seq of the event they follow; ephemeral events have none. @param {RecadoEvent} event */
  #isNews(event) {
    if (event.seq === undefined || event.type === "board:fragments") return true;
    if (this.seen !== null && event.seq <= this.seen) return false;
    this.seen = event.seq;
    return true;
  }
}
