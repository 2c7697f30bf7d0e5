import type { EngineFailure, ExchangeTiming } from '../engine/contract.js';
import type { Failure } from '../engine/failure.js';
import type { NativeExchange } from './exchange.js';

/** The result of an exchange without a complete response. */
export class NativeFailure implements EngineFailure {
  readonly kind = 'failed';

  constructor(
    private readonly exchange: NativeExchange,
    readonly failure: Failure,
  ) {}

  get sent(): boolean {
    return this.exchange.sentAtMs !== undefined || this.exchange.resent;
  }

  get timing(): ExchangeTiming {
    return this.exchange;
  }

  get bytesSent(): number {
    return this.exchange.bytesSent;
  }

  get bytesReceived(): number {
    return this.exchange.bytesReceived;
  }
}
