import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Millis } from '@drumline/model';
import { RecordPipe } from './pipe/record-pipe.js';
import { TO_LINK, TO_MASTER, type RecordRead } from './pipe/records.js';
import { LINK_PIPE_FD, type PortOrder } from './process/port-order.js';

const MAIN = fileURLToPath(new URL('process/main.js', import.meta.url));
/** Characters of its last output that are kept, to explain why it ended. */
const KEPT_OUTPUT = 2_000;
/** Time to exit. Sending the last frames takes a second at most; after this it is killed. */
const CLOSE_WITHIN_MS: Millis = 2_000;

/** Events of a link process with an open port. */
export interface LinkProcessEvents {
  record(record: RecordRead): void;
  /** The pipe has room again. */
  room(): void;
  /** It has ended unexpectedly. */
  ended(why: string): void;
}

/** A child process of the master that holds its ZeroMQ socket. It starts with the constructor. */
export class LinkProcess {
  private readonly child: ChildProcess;
  private readonly pipe: RecordPipe;
  private readonly exited: Promise<void>;
  private events: LinkProcessEvents | undefined;
  private answer: { bound(address: string): void; failed(why: string): void } | undefined;
  private why: string | undefined;
  private output = '';
  private isClosing = false;

  constructor() {
    // A small heap is enough, because frames are stored outside of it.
    this.child = spawn(process.execPath, ['--max-semi-space-size=4', MAIN], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.output = (this.output + text).slice(-KEPT_OUTPUT);
    });
    this.exited = new Promise((resolve) => {
      this.child.on('error', (error) => this.onEnded(`it could not be started: ${error.message}`, resolve));
      this.child.on('close', (code, signal) =>
        this.onEnded(`it ended with ${signal ?? `exit code ${code}`}${this.lastOutput}`, resolve),
      );
    });
    this.pipe = new RecordPipe(this.child.stdio[LINK_PIPE_FD] as Socket, {
      record: (record) => this.onRecord(record),
      room: () => this.events?.room(),
      // 'close' of the process follows.
      ended: () => {},
    });
  }

  /**
   * Binds the port. Call it once. Nothing is read from the port until `listen`.
   * @returns the address with the actual port
   * @throws Error if the port cannot be bound
   */
  async bind(order: PortOrder): Promise<string> {
    return await new Promise((resolve, reject) => {
      const failed = (why: string): void => reject(new Error(why));
      if (this.why !== undefined) return failed(this.why);
      this.answer = { bound: resolve, failed };
      this.pipe.write(TO_LINK.bind, '', Buffer.from(JSON.stringify(order)));
    });
  }

  listen(events: LinkProcessEvents): void {
    this.events = events;
    if (this.why !== undefined && !this.isClosing) events.ended(this.why);
    else this.pipe.release();
  }

  get hasRoom(): boolean {
    return this.pipe.hasRoom;
  }

  write(type: number, peer: string, body: Uint8Array): void {
    this.pipe.write(type, peer, body);
  }

  /** Kills the process, which is reported as an unexpected end. */
  kill(why: string): void {
    this.output = why;
    this.child.kill('SIGKILL');
  }

  /** Ends the process after all frames have been sent to peers that accept them. */
  async close(): Promise<void> {
    this.isClosing = true;
    this.pipe.write(TO_LINK.close, '', new Uint8Array());
    const timer = setTimeout(() => this.child.kill('SIGKILL'), CLOSE_WITHIN_MS);
    await this.exited;
    clearTimeout(timer);
  }

  /** The line of its output that names an error, or else the last line. */
  private get lastOutput(): string {
    const lines = this.output.trim().split('\n');
    const line = lines.find((text) => /Error|Assertion/.test(text)) ?? lines.at(-1)!;
    return line === '' ? '' : ` (${line})`;
  }

  private onRecord(record: RecordRead): void {
    const { type, body } = record;
    if (type === TO_MASTER.bound) {
      // Nothing is read until `listen`.
      this.pipe.hold();
      this.answer!.bound(body.toString());
    } else if (type === TO_MASTER.unavailable) this.answer!.failed(body.toString());
    else this.events!.record(record);
  }

  private onEnded(why: string, resolve: () => void): void {
    if (this.why !== undefined) return;
    this.why = why;
    this.answer?.failed(why);
    if (!this.isClosing) this.events?.ended(why);
    resolve();
  }
}
