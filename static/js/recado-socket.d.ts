export { RecadoError };
/**
 * A connection to Recado that keeps itself up, and hands on every event once and in order, whatever happens to the wire.
 *
 * Events: those of docs/protocol.md by their names, `*` for all of them, and our own: `state` (ConnectionState),
 * `batch` (events that came together, as an array), `resync` (too much was missed: load everything anew).
 * docs/javascript-client.md shows how it is used.
 */
export class RecadoSocket extends Commands {
    /** @param {Options} [options] */
    constructor(options?: Options);
    /** @type {ConnectionState} */
    state: ConnectionState;
    options: {
        /**
         * of the socket; `/ws/` of this site unless given
         */
        url: string;
        /**
         * a JWT; without it the session cookie proves who connects
         */
        token?: string | (() => string | Promise<string>) | undefined;
        /**
         * receive `board:fragments` as well
         */
        html?: boolean | undefined;
        /**
         * of texts and fragments
         */
        language?: string | undefined;
        /**
         * the newest event the page already shows; what came after it is fetched on connect
         */
        seq?: number | null | undefined;
        /**
         * asked every 30 s while no socket can be had; `/api/events` unless given, "" for never
         */
        eventsUrl: string;
        /**
         * until a request without reply fails
         */
        timeoutMs: number;
    };
    sequence: Sequence;
    /** The newest event seen, or null. */
    get seq(): number | null;
    /** Start, and stay connected until `disconnect()`. */
    connect(): void;
    /** Stop, for good or until `connect()`. */
    disconnect(): void;
    /**
     * Hear of an event. Returns a function that stops it.
     * @template {keyof Heard} T
     * @param {T} type
     * @param {(detail: Heard[T]) => void} listener
     */
    on<T extends keyof Heard>(type: T, listener: (detail: Heard[T]) => void): () => void;
    /**
     * @template {keyof Heard} T
     * @param {T} type
     * @param {(detail: Heard[T]) => void} listener
     */
    off<T extends keyof Heard>(type: T, listener: (detail: Heard[T]) => void): void;
    /**
     * `send` for commands whose name is known only when it runs.
     * @param {string} command
     * @param {object} [data]
     * @returns {Promise<any>}
     */
    ask(command: string, data?: object): Promise<any>;
    /** Hear the details of a conversation, also after reconnects. @param {string} conversationId */
    join(conversationId: string): Promise<void>;
    /** @param {string} conversationId */
    leave(conversationId: string): Promise<void>;
    #private;
}
export type RecadoEvent = import("./socket/sequence.js").RecadoEvent;
export type Contract = import("./socket/contract.d.ts").Commands;
export type Events = import("./socket/contract.d.ts").Events;
/**
 * An event of the server as it came.
 */
export type Frame<E extends keyof Events> = {
    type: E;
    seq?: number;
    prev?: number;
    at?: string;
    data: Events[E];
};
/**
 * What listeners are handed, by what they listen to: the server's events, and our own.
 */
export type Heard = { [E in Exclude<keyof Events, "connected" | "session:expired">]: Frame<E>; } & {
    connected: Events["connected"];
    state: ConnectionState;
    batch: RecadoEvent[];
    resync: {
        seq: number;
    };
    "session:expired": {
        code: number;
        reason: string;
    };
    "*": RecadoEvent;
    sent: {
        type: string;
        requestId: string;
        data: object;
    };
    received: {
        type: string;
    } & Record<string, any>;
};
export type ConnectionState = "connecting" | "live" | "catching-up" | "polling" | "offline" | "closed";
export type Options = {
    /**
     * of the socket; `/ws/` of this site unless given
     */
    url?: string | undefined;
    /**
     * a JWT; without it the session cookie proves who connects
     */
    token?: string | (() => string | Promise<string>) | undefined;
    /**
     * receive `board:fragments` as well
     */
    html?: boolean | undefined;
    /**
     * of texts and fragments
     */
    language?: string | undefined;
    /**
     * the newest event the page already shows; what came after it is fetched on connect
     */
    seq?: number | null | undefined;
    /**
     * asked every 30 s while no socket can be had; `/api/events` unless given, "" for never
     */
    eventsUrl?: string | undefined;
    /**
     * until a request without reply fails
     */
    timeoutMs?: number | undefined;
};
import { RecadoError } from "./socket/requests.js";
import { Commands } from "./socket/commands.js";
import { Sequence } from "./socket/sequence.js";
