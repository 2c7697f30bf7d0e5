import { connect, createServer, type Server } from 'node:net';
import { chmod, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { OutputError } from '../../output.js';
import type { EncodedRecord } from '../records/encoded-record.js';
import { RecordRing } from '../records/record-ring.js';
import type { TapRun, TapSink } from '../tap-output.js';
import { checkDirectoryOf, kindAt, withRun } from '../tap-paths.js';
import { SocketReader } from './socket-reader.js';

const MAX_READERS = 100;
/** All kept records together. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;
/** How long the end of the run waits for readers that are behind. */
const LAST_READ_MS = 3_000;
const ACCEPT_MS = 50;

/** Offers the records to all who connect to a Unix socket. */
export class UnixSink implements TapSink {
  private readonly readers = new Set<SocketReader>();
  private records: RecordRing | undefined;
  private server: Server | undefined;
  private boundPath: string | undefined;

  /**
   * @param path with `{run}` for the id of the run
   * @param keep the number of records for readers that resume
   * @param mode of the socket's file
   */
  constructor(
    private readonly path: string,
    private readonly keep: number,
    private readonly mode: number,
  ) {}

  async check(): Promise<void> {
    await checkDirectoryOf(this.path);
    if (!this.path.includes('{run}')) await this.clearPath(this.path);
  }

  async open({ runId, seqBefore }: TapRun): Promise<void> {
    const records = (this.records ??= new RecordRing(this.keep, MAX_KEPT_BYTES, seqBefore));
    const path = withRun(this.path, runId);
    await this.clearPath(path);
    // A reader may close its side after its request.
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      const reader = new SocketReader(socket, records, runId);
      this.readers.add(reader);
      socket.on('close', () => this.readers.delete(reader));
    });
    server.maxConnections = MAX_READERS;
    await listen(server, path);
    this.server = server;
    this.boundPath = path;
    await chmod(path, this.mode);
  }

  async write(records: readonly EncodedRecord[], signal: AbortSignal): Promise<void> {
    for (const record of records) this.records?.push(record);
    for (const reader of this.readers) reader.deliver();
    if (records.some(({ type }) => type === 'end')) await this.waitForReaders(signal);
  }

  async close(): Promise<void> {
    const { server, boundPath } = this;
    for (const reader of this.readers) reader.close();
    const closed = server && new Promise((resolve) => server.close(resolve));
    const destroy = setTimeout(() => {
      for (const reader of this.readers) reader.destroy();
    }, 500);
    await closed;
    clearTimeout(destroy);
    if (boundPath !== undefined) await rm(boundPath, { force: true });
  }

  private async waitForReaders(signal: AbortSignal): Promise<void> {
    // Those who have just connected are accepted first.
    await delay(ACCEPT_MS);
    const all = Promise.all([...this.readers].map((reader) => reader.idle()));
    const limit = AbortSignal.any([signal, AbortSignal.timeout(LAST_READ_MS)]);
    await Promise.race([all, new Promise((resolve) => limit.addEventListener('abort', resolve))]);
  }

  /** Removes the socket of a process that has ended. */
  private async clearPath(path: string): Promise<void> {
    const kind = await kindAt(path);
    if (kind === undefined) return;
    if (kind !== 'socket') throw new OutputError(`${path} exists and is not a socket`);
    if (await answers(path)) throw new OutputError(`another process listens at ${path}`);
    await rm(path, { force: true });
  }
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Whether a process listens at the path. */
async function answers(path: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
