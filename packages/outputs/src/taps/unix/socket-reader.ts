import type { Socket } from 'node:net';
import type { TapLost } from '@drumline/wire';
import type { EncodedRecord } from '../records/encoded-record.js';
import type { RecordRing } from '../records/record-ring.js';
import { MAX_REQUEST_BYTES, readRequest, type ReaderRequest } from '../reader-request.js';

/** How long a reader may take to send its request, before it receives records from now on. */
const REQUEST_LIMIT_MS = 100;

/**
 * A connected reader. It has a place in the records that are kept. So it costs no memory while it
 * does not read, and has lost records once they are no longer kept.
 */
export class SocketReader {
  private after: number;
  private wanted: ReadonlySet<EncodedRecord['type']> | undefined;
  private unread = '';
  private hasBegun = false;
  private readonly begun = onceSignal();
  private isBlocked = false;
  private onIdle: (() => void) | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly records: RecordRing,
    private readonly runId: string,
  ) {
    this.after = records.newest;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.read(text));
    socket.on('drain', () => {
      this.isBlocked = false;
      this.deliver();
    });
    // It is gone: `close` follows.
    socket.on('error', () => {});
    socket.on('close', () => this.onIdle?.());
    const begin = setTimeout(() => setImmediate(() => this.begin()), REQUEST_LIMIT_MS);
    socket.on('close', () => {
      clearTimeout(begin);
      this.begun.resolve();
    });
  }

  /** Sends what it does not have yet, as far as it reads. */
  deliver(): void {
    if (!this.hasBegun) return;
    while (!this.isBlocked && !this.socket.destroyed) {
      const next = this.records.after(this.after);
      if (!next) return this.onIdle?.();
      if (next.seq > this.after + 1) this.write(lostLine(this.runId, this.after + 1, next.seq - 1));
      this.after = next.seq;
      if (!this.wanted || this.wanted.has(next.type)) this.write(next.line);
    }
  }

  /** Resolves when it has received everything, or is gone. */
  async idle(): Promise<void> {
    await this.begun.promise;
    if (this.socket.destroyed || (!this.isBlocked && !this.records.after(this.after))) return;
    await new Promise<void>((resolve) => (this.onIdle = resolve));
  }

  close(): void {
    this.socket.end();
    this.socket.destroySoon();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private write(line: string | Buffer): void {
    this.isBlocked = !this.socket.write(line);
  }

  private begin(): void {
    this.hasBegun = true;
    this.deliver();
    this.begun.resolve();
  }

  private read(text: string): void {
    this.unread += text;
    for (let end = this.unread.indexOf('\n'); end >= 0; end = this.unread.indexOf('\n')) {
      const line = this.unread.slice(0, end);
      this.unread = this.unread.slice(end + 1);
      if (line.trim() !== '') this.request(readRequest(line));
    }
    // Too long already: its end is not waited for.
    if (this.unread.length > MAX_REQUEST_BYTES) this.request(readRequest(this.unread));
  }

  private request(request: ReturnType<typeof readRequest>): void {
    if ('problem' in request) {
      this.unread = '';
      this.socket.end(`${JSON.stringify({ type: 'problem', message: request.problem })}\n`);
      return;
    }
    this.move(request);
    this.begin();
  }

  private move({ after, run, types }: ReaderRequest): void {
    // Records of another run do not count.
    if (run !== undefined && run !== this.runId) this.after = 0;
    else if (after !== undefined) this.after = after;
    if (types) this.wanted = new Set(types);
  }
}

function onceSignal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

function lostLine(run: string, fromSeq: number, toSeq: number): string {
  const lost: TapLost = { type: 'lost', schema: 'drumline.tap/1', run, fromSeq, toSeq };
  return `${JSON.stringify(lost)}\n`;
}
