import type { Failure } from '../engine/failure.js';
import type { Endpoint } from './addresses.js';
import { SocketTransport, type TransportOpening } from './socket-transport.js';

/** Callbacks of connection attempts. */
export interface AttemptOwner {
  connected(attempt: Attempt): void;
  secured(attempt: Attempt): void;
  closed(attempt: Attempt, failure: Failure | undefined): void;
}

/** A connection being opened to one address. Other addresses may be tried in parallel. */
export class Attempt implements TransportOpening {
  readonly transport: SocketTransport;

  /** @param connect creates the socket, see `SocketTransport` */
  constructor(
    readonly endpoint: Endpoint,
    private readonly owner: AttemptOwner,
    connect: ConstructorParameters<typeof SocketTransport>[0],
    all: Set<SocketTransport>,
  ) {
    this.transport = new SocketTransport(connect, this, all);
  }

  onConnected(): void {
    this.owner.connected(this);
  }

  onSecured(): void {
    this.owner.secured(this);
  }

  onClosed(failure: Failure | undefined): void {
    this.owner.closed(this, failure);
  }

  onBytes(): void {}

  onDrain(): void {}

  onEnd(): void {}
}
