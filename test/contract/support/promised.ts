import type {
  EngineRequest,
  EngineSession,
  Exchange,
  ExchangeHandler,
  ExchangeResult,
  HttpEngine,
  SessionOptions,
} from '@drumline/drivers';

/** An engine whose exchanges can be awaited. */
export interface PromisedEngine {
  openSession(options?: SessionOptions): PromisedSession;
  close(): Promise<void>;
}

export interface PromisedSession {
  exchange(request: EngineRequest, events?: Omit<ExchangeHandler, 'onEnd'>): PromisedExchange;
  close(): Promise<void>;
}

export interface PromisedExchange extends Exchange {
  /** Never rejects. */
  readonly done: Promise<ExchangeResult>;
}

export function promised(engine: HttpEngine): PromisedEngine {
  return {
    openSession: (options) => promisedSession(engine.openSession(options)),
    close: () => engine.close(),
  };
}

function promisedSession(session: EngineSession): PromisedSession {
  return {
    exchange(request, events) {
      let settle!: (result: ExchangeResult) => void;
      const done = new Promise<ExchangeResult>((resolve) => (settle = resolve));
      const exchange = session.exchange(request, { ...events, onEnd: settle });
      return {
        done,
        cancel: (reason) => exchange.cancel(reason),
        pause: () => exchange.pause(),
        resume: () => exchange.resume(),
      };
    },
    close: () => session.close(),
  };
}
