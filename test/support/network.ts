import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A TCP proxy that simulates network faults, the same in both directions. Settings also apply to
 * later connections.
 */
export interface NetworkProxy extends AsyncDisposable {
  readonly port: number;
  /** `tcp://HOST:PORT`, for `drumline worker --master`. */
  readonly address: string;
  /** Bytes forwarded so far, in both directions together. */
  readonly bytes: number;
  /**
   * Stops forwarding data. `silent` simulates a partition: connections stay open and new ones are
   * accepted. Data in flight arrives after `mend`, as TCP retransmits it. `hard` simulates a
   * machine that went down: existing and new connections are reset.
   */
  cut(kind?: 'silent' | 'hard'): void;
  mend(): void;
  /** Delays all data by this many milliseconds in each direction; 0 ends it. */
  delay(ms: number): void;
  /** Limits each direction of each connection, bytes per second; `Infinity` ends it. */
  throttle(bytesPerSecond: number): void;
  close(): Promise<void>;
}

/**
 * Starts a proxy on a free port of a local address, in front of a port of 127.0.0.1 that may be
 * opened later.
 */
export async function startProxy(targetPort: number, host = '127.0.0.1'): Promise<NetworkProxy> {
  const weather = new Conditions();
  const sockets = new Set<net.Socket>();
  const keep = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true).on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    keep(near);
    if (weather.cut === 'hard') return near.resetAndDestroy();
    void weather.passable().then(() => {
      const far = net.connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true });
      keep(far);
      new Pipe(near, far, weather).open();
      new Pipe(far, near, weather).open();
    });
    return undefined;
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const close = async (): Promise<void> => {
    weather.over.abort();
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  return {
    port,
    address: `tcp://${host}:${port}`,
    get bytes() {
      return weather.bytes;
    },
    cut(kind = 'silent') {
      weather.worsen(kind);
      if (kind === 'hard') for (const socket of sockets) socket.resetAndDestroy();
    },
    mend: () => weather.mend(),
    delay: (ms) => void (weather.delayMs = ms),
    throttle: (bytesPerSecond) => void (weather.bytesPerSecond = bytesPerSecond),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The settings of a proxy, shared by all its connections. */
class Conditions {
  cut: 'silent' | 'hard' | undefined;
  delayMs = 0;
  bytesPerSecond = Infinity;
  bytes = 0;
  readonly over = new AbortController();
  private mended = (): void => {};
  private mending = Promise.resolve();

  worsen(cut: 'silent' | 'hard'): void {
    if (!this.cut) this.mending = new Promise((resolve) => (this.mended = resolve));
    this.cut = cut;
  }

  mend(): void {
    this.cut = undefined;
    this.mended();
  }

  /** Resolves when the connection is not cut. */
  async passable(): Promise<void> {
    while (this.cut) await this.mending;
  }

  async wait(ms: number): Promise<void> {
    if (ms > 0) await sleep(ms, undefined, { signal: this.over.signal }).catch(() => {});
  }
}

/** Maximum buffered bytes, beyond which the sender must wait. */
const MAX_QUEUED_BYTES = 256 * 1024;
/** Interval of writes of a throttled pipe, milliseconds. */
const PIECES_PER_SECOND = 20;

/** One direction of a connection. */
class Pipe {
  private readonly queue: { bytes: Buffer; dueMs: number }[] = [];
  private queuedBytes = 0;
  private ended = false;
  private carrying = false;

  constructor(
    private readonly from: net.Socket,
    private readonly to: net.Socket,
    private readonly weather: Conditions,
  ) {}

  open(): void {
    const { from, weather } = this;
    from.on('data', (bytes) => {
      this.queue.push({ bytes, dueMs: performance.now() + weather.delayMs });
      this.queuedBytes += bytes.length;
      if (this.queuedBytes > MAX_QUEUED_BYTES) from.pause();
      void this.carry();
    });
    for (const event of ['end', 'close']) {
      from.on(event, () => {
        this.ended = true;
        void this.carry();
      });
    }
  }

  private async carry(): Promise<void> {
    if (this.carrying) return;
    this.carrying = true;
    const { weather, queue, to, from } = this;
    for (;;) {
      await weather.passable();
      if (weather.over.signal.aborted || queue.length === 0) break;
      await weather.wait(queue[0]!.dueMs - performance.now());
      if (weather.cut) continue;
      const piece = this.take(Math.max(1, Math.floor(weather.bytesPerSecond / PIECES_PER_SECOND)));
      to.write(piece);
      weather.bytes += piece.length;
      if (this.queuedBytes <= MAX_QUEUED_BYTES) from.resume();
      await weather.wait((piece.length / weather.bytesPerSecond) * 1_000);
    }
    this.carrying = false;
    if (!this.ended) return;
    // Destroy after a close or reset of the other side; otherwise end.
    if (from.destroyed) to.destroySoon();
    else to.end();
  }

  private take(most: number): Buffer {
    const head = this.queue[0]!;
    const piece = head.bytes.subarray(0, most);
    head.bytes = head.bytes.subarray(piece.length);
    if (head.bytes.length === 0) this.queue.shift();
    this.queuedBytes -= piece.length;
    return piece;
  }
}
