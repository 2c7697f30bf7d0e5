import type { Server, ServerResponse } from 'node:http';

/**
 * The answers that a server has begun and not finished. Connections alone do not tell: browsers keep some open on which
 * they have asked nothing yet, and Node does not count those as idle.
 */
export class AnswersUnderWay {
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

  /** Resolves when all are finished, or `graceMs` later. */
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
