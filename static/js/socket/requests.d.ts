/**
 * Why a request was not done.
 *
 * `code` is one of the server's (docs/protocol.md), or `timeout` (no answer; it may have been done) or `disconnected`
 * (it was never sent).
 */
export class RecadoError extends Error {
    /** @param {{code: string, message?: string, fields?: Record<string, string>, current?: any, retryAfterMs?: number}} problem */
    constructor(problem: {
        code: string;
        message?: string;
        fields?: Record<string, string>;
        current?: any;
        retryAfterMs?: number;
    });
    code: string;
    fields: Record<string, string>;
    current: any;
    retryAfterMs: number | undefined;
}
/** Requests that wait for their one reply. */
export class Requests {
    /**
     * @param {number} timeoutMs
     * @returns {{id: string, reply: Promise<any>}}
     */
    open(timeoutMs: number): {
        id: string;
        reply: Promise<any>;
    };
    /** @param {{requestId: string, status: string, data?: any, error?: any}} reply */
    answer(reply: {
        requestId: string;
        status: string;
        data?: any;
        error?: any;
    }): void;
    /** The connection is gone: nobody will answer. Whether it was done is unknown, as with a timeout. */
    abandon(): void;
    #private;
}
