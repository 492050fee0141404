// @ts-check

/**
 * Why a request was not done.
 *
 * `code` is one of the server's (docs/protocol.md), or `timeout` (no answer; it may have been done) or `disconnected`
 * (it was never sent).
 */
export class RecadoError extends Error {
  /** @param {{code: string, message?: string, fields?: Record<string, string>, current?: any, retryAfterMs?: number}} problem */
  constructor(problem) {
    super(problem.message || problem.code);
    this.name = "RecadoError";
    this.code = problem.code;
    this.fields = problem.fields ?? {};
    this.current = problem.current;
    this.retryAfterMs = problem.retryAfterMs;
  }
}

/** Requests that wait for their one reply. */
export class Requests {
  /** @type {Map<string, {resolve: (data: any) => void, reject: (error: RecadoError) => void, timer: any}>} */
  #waiting = new Map();
  #last = 0;

  /**
   * @param {number} timeoutMs
   * @returns {{id: string, reply: Promise<any>}}
   */
  open(timeoutMs) {
    const id = `c${++this.#last}`;
    const reply = new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id)?.reject(new RecadoError({ code: "timeout" })), timeoutMs);
      this.#waiting.set(id, { resolve, reject, timer });
    });
    return { id, reply };
  }

  /** @param {{requestId: string, status: string, data?: any, error?: any}} reply */
  answer(reply) {
    const waiting = this.#settle(reply.requestId);
    if (reply.status === "ok") waiting?.resolve(reply.data);
    else waiting?.reject(new RecadoError(reply.error));
  }

  /** The connection is gone: nobody will answer. Whether it was done is unknown, as with a timeout. */
  abandon() {
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(new RecadoError({ code: "timeout" }));
  }

  /** @param {string} id */
  #settle(id) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }
}
