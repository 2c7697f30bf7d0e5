import type {
  EngineFailure,
  EngineOptions,
  EngineRequest,
  EngineResponse,
  ExchangeResult,
  SessionOptions,
} from '@drumline/drivers';
import { closeAfterEach } from '../support/closing.js';
import type { PromisedEngine, PromisedSession } from '../support/promised.js';

export type MakeEngine = (options: EngineOptions) => PromisedEngine;

/** Sessions of the engine under test, closed after each test together with the servers. */
export function engineBench(makeEngine: MakeEngine) {
  const closing = closeAfterEach();
  const now = (): number => performance.now();
  return {
    closing,
    now,
    async session(
      options: SessionOptions = {},
      engineOptions: Partial<EngineOptions> = {},
    ): Promise<PromisedSession> {
      const engine = await closing(makeEngine({ now, ...engineOptions }));
      return engine.openSession(options);
    },
  };
}

export type Bench = ReturnType<typeof engineBench>;

/** A request, by default GET of `/`. */
export function get(origin: string, more: Partial<EngineRequest> = {}): EngineRequest {
  return { method: 'GET', origin, path: '/', headers: [], ...more };
}

export function response(result: ExchangeResult): EngineResponse {
  if (result.kind !== 'response') throw new Error(`no response but: ${JSON.stringify(result.failure)}`);
  return result;
}

export function failed(result: ExchangeResult): EngineFailure {
  if (result.kind !== 'failed') throw new Error(`no failure but status ${result.status}`);
  return result;
}

export function text(result: ExchangeResult): string {
  return Buffer.from(response(result).body).toString();
}
