import type { EngineFailure, EngineResponse, ExchangeTiming, ResponseHead } from '../engine/contract.js';
import type { Failure } from '../engine/failure.js';
import type { NativeExchange } from './exchange.js';
import type { KeptBody } from './kept-body.js';

const NOTHING = new Uint8Array(0);

/** Header, body and timing are taken apart when somebody asks for them. */
export class NativeResponse implements EngineResponse {
  readonly kind = 'response';

  constructor(
    private readonly exchange: NativeExchange,
    private readonly head: ResponseHead,
    private readonly kept: KeptBody | undefined,
    readonly rawTrailers: readonly string[],
  ) {}

  get version(): ResponseHead['version'] {
    return this.head.version;
  }

  get status(): number {
    return this.head.status;
  }

  get statusText(): string {
    return this.head.statusText;
  }

  get rawHeaders(): readonly string[] {
    return this.head.rawHeaders;
  }

  header(name: string): string | undefined {
    return this.head.header(name);
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

  get bodyBytes(): number {
    return this.exchange.bodyBytes;
  }

  get body(): Uint8Array {
    return this.kept?.bytes ?? NOTHING;
  }

  text(): string {
    return this.kept?.text ?? '';
  }
}

export class NativeFailure implements EngineFailure {
  readonly kind = 'failed';

  constructor(
    private readonly exchange: NativeExchange,
    readonly failure: Failure,
  ) {}

  get sent(): boolean {
    return this.exchange.sentAtMs !== undefined;
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
