import { Dealer } from 'zeromq';

/** A worker without users. It sends what a worker sends, as often as a worker does. */
export interface SimulatedWorker {
  /** Called once a second until it has joined. */
  join(): void;
  /** Called once a second. */
  beat(): void;
  /** Called at the protocol's interval. */
  report(): void;
  /** Ends the load: only what was sent before is repeated until it is acknowledged. */
  finish(): void;
}

/** A worker's connection to its master. */
export class Connection {
  private readonly dealer: Dealer;

  constructor(
    readonly name: string,
    address: string,
    onFrame: (frame: Buffer) => void,
  ) {
    // No limits: a master that reads slowly must not make the workers lose messages.
    this.dealer = new Dealer({ routingId: name, linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0 });
    this.dealer.connect(address);
    void this.receiveAll(onFrame);
  }

  /** A frame that the socket does not accept is lost; the protocols repeat what matters. */
  send(frame: Uint8Array): void {
    void this.dealer.send(frame).catch(() => {});
  }

  private async receiveAll(onFrame: (frame: Buffer) => void): Promise<void> {
    for await (const [frame] of this.dealer) onFrame(frame!);
  }
}
