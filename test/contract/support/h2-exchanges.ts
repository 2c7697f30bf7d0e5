import type { ExchangeResult, EngineFailure, EngineRequest, EngineResponse } from '@drumline/drivers';
import { DEFAULT_TIMEOUTS, type Timeouts } from '../../../packages/drivers/src/engine/settings.js';
import { BatchClock } from '../../../packages/drivers/src/native/clock.js';
import type { ConnectionOwner, NativeConnection } from '../../../packages/drivers/src/native/connection.js';
import { NativeExchange } from '../../../packages/drivers/src/native/exchange.js';
import { H2NativeConnection, H2Shared } from '../../../packages/drivers/src/native/h2-connection.js';
import { Sweeper } from '../../../packages/drivers/src/native/sweeper.js';
import type { H2Bench } from './h2-client.js';
import { serveFrames, serveStreams, type FramePeer, type StreamHandler } from './h2-peers.js';

const now = (): number => performance.now();

/** A connection that carries exchanges, and its callbacks to the owner. */
export class Carrying implements ConnectionOwner {
  readonly connection: H2NativeConnection;
  readonly told: string[] = [];
  readonly returned: NativeExchange[] = [];
  readonly #sweeper = new Sweeper(now);

  constructor(
    private readonly origin: string,
    make: (owner: ConnectionOwner) => H2NativeConnection,
  ) {
    this.connection = make(this);
  }

  static async open(bench: H2Bench, port: number, maxStreams = 100, ca?: string): Promise<Carrying> {
    const transport = await bench.transport(port, ca);
    const shared = new H2Shared(new BatchClock(now), maxStreams, false);
    const origin = ca === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
    return new Carrying(origin, (owner) => new H2NativeConnection(transport, owner, shared));
  }

  /** A connection to a new server. */
  static async to(bench: H2Bench, onStream: StreamHandler): Promise<Carrying> {
    const server = await bench.closing(serveStreams(onStream));
    return await Carrying.open(bench, server.port);
  }

  /** A connection to a server that answers each HEADERS frame with given frames. */
  static async toFrames(
    bench: H2Bench,
    answer: (peer: FramePeer, streamId: number) => void,
  ): Promise<Carrying> {
    const server = await bench.closing(
      serveFrames((frame, peer) => {
        if (frame.type === 1) answer(peer, frame.streamId);
      }),
    );
    return await Carrying.open(bench, server.port);
  }

  exchange(
    request: Partial<EngineRequest> & { readonly onHead?: () => void; readonly onData?: () => void } = {},
    limits: Partial<Timeouts> = {},
  ): Sent {
    const { onHead, onData, ...rest } = request;
    let end!: (result: ExchangeResult) => void;
    const done = new Promise<ExchangeResult>((resolve) => (end = resolve));
    const exchange = new NativeExchange(
      { method: 'GET', origin: this.origin, path: '/', headers: [], ...rest },
      { onEnd: end, ...(onHead && { onHead }), ...(onData && { onData }) },
      true,
      { ...DEFAULT_TIMEOUTS, ...limits },
      { ended() {} },
      this.#sweeper,
      now(),
    );
    this.connection.carry(exchange);
    return { exchange, done };
  }

  async response(request: Partial<EngineRequest> = {}): Promise<EngineResponse> {
    const result = await this.exchange(request).done;
    if (result.kind === 'response') return result;
    throw new Error(`failed: ${result.failure.message}`);
  }

  async failure(
    request: Partial<EngineRequest> = {},
    limits: Partial<Timeouts> = {},
  ): Promise<EngineFailure> {
    const result = await this.exchange(request, limits).done;
    if (result.kind === 'failed') return result;
    throw new Error(`it answered with status ${result.status}`);
  }

  onRoom(connection: NativeConnection): void {
    if (connection.room === 0) throw new Error('reported room without a free stream');
    this.told.push('room');
  }

  onRetired(): void {
    this.told.push('retired');
  }

  onReturned(_: NativeConnection, exchange: NativeExchange): void {
    this.told.push('returned');
    this.returned.push(exchange);
  }

  onResend(_: NativeConnection, exchange: NativeExchange): void {
    this.told.push('resend');
    this.returned.push(exchange);
  }

  onIdleClosed(): void {}

  onIdleSurvived(): void {}

  onHttp11Required(): boolean {
    return false;
  }

  onClosed(): void {
    this.told.push('closed');
  }
}

export interface Sent {
  readonly exchange: NativeExchange;
  readonly done: Promise<ExchangeResult>;
}
