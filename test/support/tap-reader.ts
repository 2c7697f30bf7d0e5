import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TapLine, TapRecord, TapSecond } from '@drumline/wire';
import { eventually } from './drumline.js';

/** A program that reads a tap at a Unix socket. */
export class TapReader {
  readonly lines: TapLine[] = [];
  readonly receivedAtMs: number[] = [];
  readonly ended: Promise<unknown>;

  private constructor(readonly socket: Socket) {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (text + chunk).split('\n');
      text = parts.pop()!;
      for (const part of parts) {
        this.lines.push(JSON.parse(part) as TapLine);
        this.receivedAtMs.push(Date.now());
      }
    });
    this.ended = once(socket, 'close');
  }

  /** Connects as soon as there is a tap. @param after the last record that it has */
  static async open(path: string, after: number): Promise<TapReader> {
    const socket = await eventually(async () => {
      const attempt = connect(path);
      const connected = once(attempt, 'connect').then(() => attempt);
      return await connected.catch(() => undefined);
    });
    socket.on('error', () => {});
    const reader = new TapReader(socket);
    socket.write(`${JSON.stringify({ after })}\n`);
    return reader;
  }

  get records(): TapRecord[] {
    return this.lines.filter((line): line is TapRecord => line.type !== 'lost');
  }

  /** Waits for a number of records. */
  async has(count: number): Promise<void> {
    await eventually(() => (this.records.length >= count ? true : undefined));
  }
}

/** The requests of records of seconds, with what was late. */
export function requestsIn(records: readonly TapRecord[]): number {
  return records.reduce((sum, record) => {
    if (record.type === 'detail') return sum;
    const own = record.type === 'second' ? record.totals.requests : 0;
    return sum + own + (record.late?.totals.requests ?? 0);
  }, 0);
}

/** The seconds of records. */
export function secondsOf(records: readonly TapRecord[]): TapSecond[] {
  return records.filter((record): record is TapSecond => record.type === 'second');
}
