/**
 * @typedef {{type: string, seq?: number, prev?: number, at?: string, data: any}} RecadoEvent
 */
/**
 * The order of the tenant's event log, as this client sees it: what was seen, what is missing, what waits for it.
 */
export class Sequence {
    /** @param {number | null} [seen] */
    constructor(seen?: number | null);
    /** The newest seq that was handed on; null before the first. @type {number | null} */
    seen: number | null;
    /** Hold back what comes from now on. */
    pause(): void;
    /** Hand on what was held back. @returns {{events: RecadoEvent[], hole: boolean}} */
    resume(): {
        events: RecadoEvent[];
        hole: boolean;
    };
    /**
     * What of these events may be handed on now, in order and once. `hole`: older ones are missing, ask for those after
     * `seen`; the rest waits.
     * @param {RecadoEvent[]} events
     * @returns {{events: RecadoEvent[], hole: boolean}}
     */
    take(events: RecadoEvent[]): {
        events: RecadoEvent[];
        hole: boolean;
    };
    /** Events that were fetched, oldest first, up to `seq`. @param {RecadoEvent[]} events @param {number} seq */
    fetched(events: RecadoEvent[], seq: number): RecadoEvent[];
    #private;
}
export type RecadoEvent = {
    type: string;
    seq?: number;
    prev?: number;
    at?: string;
    data: any;
};
