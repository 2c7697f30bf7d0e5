import type { EngineRequest, ExchangeHandler, HttpEngine } from './contract.js';

/**
 * Called for each request that is handed to the engine. The returned tap receives the same events
 * as the handler, before it.
 */
export type ExchangeObserver = (request: EngineRequest, handler: ExchangeHandler) => ExchangeHandler;

/**
 * An engine whose exchanges are observed, for debugging. A body that the request discards is passed
 * to the tap in pieces.
 */
export function observedEngine(engine: HttpEngine, observe: ExchangeObserver): HttpEngine {
  return {
    openSession: (options) => {
      const session = engine.openSession(options);
      return {
        exchange: (request, handler) => {
          const isDiscarded = request.receive === 'discard';
          const sent = isDiscarded ? { ...request, receive: 'stream' as const } : request;
          return session.exchange(sent, tapped(handler, observe(request, handler), isDiscarded));
        },
        close: () => session.close(),
      };
    },
    close: () => engine.close(),
  };
}

/** @param isDiscarded the handler does not expect the pieces of the body */
function tapped(handler: ExchangeHandler, tap: ExchangeHandler, isDiscarded: boolean): ExchangeHandler {
  return {
    onHead: (head, soFar) => {
      tap.onHead?.(head, soFar);
      handler.onHead?.(head, soFar);
    },
    onData: (bytes, atMs) => {
      tap.onData?.(bytes, atMs);
      if (!isDiscarded) handler.onData?.(bytes, atMs);
    },
    onResend: (bytesSent) => handler.onResend?.(bytesSent),
    onOddity: (oddity) => handler.onOddity?.(oddity),
    onEnd: (result) => {
      tap.onEnd(result);
      handler.onEnd(result);
    },
  };
}
