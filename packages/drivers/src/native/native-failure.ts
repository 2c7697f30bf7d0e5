import type { EngineFailure, ExchangeTiming } from '../engine/contract.js';
import type { Failure } from '../engine/failure.js';

/** What a failure needs of its exchange. */
interface FailedExchange extends ExchangeTiming {
  readonly resent: boolean;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** The result of an exchange without a complete response. */
export class NativeFailure implements EngineFailure {
  readonly kind = 'failed';

  constructor(
    private readonly exchange: FailedExchange,
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
