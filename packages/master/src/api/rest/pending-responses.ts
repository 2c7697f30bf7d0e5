import type { Server, ServerResponse } from 'node:http';

/**
 * Tracks responses that have begun and not finished. Open connections are not enough: browsers open
 * connections without sending a request, and Node does not count these as idle.
 */
export class PendingResponses {
  readonly #open = new Set<ServerResponse>();
  #onNone = (): void => {};

  constructor(server: Server) {
    server.on('request', (_request, response) => {
      this.#open.add(response);
      response.once('close', () => {
        this.#open.delete(response);
        if (this.#open.size === 0) this.#onNone();
      });
    });
  }

  /** Resolves when all responses are finished, or after `graceMs`. */
  async finished(graceMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => {
      const giveUp = setTimeout(resolve, graceMs);
      this.#onNone = () => {
        clearTimeout(giveUp);
        resolve();
      };
    });
  }
}
