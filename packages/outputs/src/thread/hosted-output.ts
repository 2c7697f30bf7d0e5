import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, printable, type Millis } from '@drumline/model';
import { OutputError, type Output, type OutputEnd, type OutputRun, type ResumedRun } from '../output.js';
import { backOffMs } from './back-off.js';
import { BatchQueue, type QueuedBatch } from './batch-queue.js';
import type { OutputInput, OutputProgress } from './messages.js';

/** Batches that wait for a service: a minute of seconds. */
export const MAX_WAITING_BATCHES = 60;
const SEND_LIMIT_MS = 10_000;
/** After its signal has aborted, a call may take this long to settle. */
const SETTLE_LIMIT_MS = 1_000;
const CLOSE_LIMIT_MS = 2_000;
const MAX_ERROR_CHARS = 500;

/** Runs one output: its queue, its attempts, and the count of what was lost. */
export class HostedOutput {
  private readonly queue = new BatchQueue(MAX_WAITING_BATCHES);
  private state: OutputProgress['state'] = 'opening';
  private sentBatches = 0;
  private lastError: string | undefined;
  private isEnding = false;
  /** Aborted when the time to flush is over. */
  private readonly over = new AbortController();
  /** Interrupts a pause between attempts. */
  private hurry = new AbortController();
  private sending: Promise<void> | undefined;
  /** Position of the last event that was sent. */
  private sent = 0;
  private isSending = false;
  /** What comes while it is not yet known what the service has of a resumed run. */
  private held: Held[] | undefined;

  /** @param changed called when its progress has changed */
  constructor(
    private readonly output: Output,
    private readonly changed: () => void,
  ) {}

  get progress(): OutputProgress {
    const { state, sentBatches, sent, lastError } = this;
    const { droppedSeconds } = this.queue;
    return { state, sentBatches, droppedSeconds, sent, ...(lastError !== undefined && { lastError }) };
  }

  /**
   * Opens the service for a run, and sends from then on.
   * @param sent of a resumed run: position of the last event that was sent, as far as it is known
   */
  begin(run: OutputRun, sent = 0): void {
    this.sent = sent;
    if (run.resumed) this.held = [];
    this.sending = this.run(run);
  }

  take(input: OutputInput): void {
    const second = secondOf(input);
    this.compute({ second, position: input.position }, () => compute(this.output, input));
  }

  /** Sends what waits, for so long at most, and frees everything. */
  async end(end: OutputEnd, limitMs: Millis): Promise<void> {
    if (this.sending) this.compute({}, () => this.output.end?.(end));
    this.isEnding = true;
    const limit = setTimeout(() => this.over.abort(), limitMs);
    this.hurry.abort();
    this.queue.wake();
    await this.sending;
    clearTimeout(limit);
    this.queue.dropAll();
    await this.close();
  }

  /** Frees everything. */
  async close(): Promise<void> {
    try {
      await within(CLOSE_LIMIT_MS, this.output.close());
    } catch (error) {
      this.failed(error);
    }
    this.state = 'closed';
    this.changed();
  }

  private compute(about: About, make: () => unknown): void {
    if (this.held) return this.hold(this.held, { about, make });
    const batch = this.made(about, make);
    if (batch !== undefined) this.queue.push(batch);
    else if (this.queue.isEmpty && !this.isSending && this.output.collects !== true) this.passed(about);
    this.changed();
  }

  /** Nothing of this event, or of earlier ones, is to be sent any more. */
  private passed({ position = 0 }: About): void {
    this.sent = Math.max(this.sent, position);
  }

  private made({ second, position }: About, make: () => unknown): QueuedBatch | undefined {
    try {
      const batch = make();
      return batch === undefined ? undefined : { batch, second, position };
    } catch (error) {
      this.queue.lost(second);
      this.failed(error);
      return undefined;
    }
  }

  private hold(held: Held[], one: Held): void {
    held.push(one);
    if (held.length > MAX_WAITING_BATCHES) this.queue.lost(held.shift()!.about.second);
    this.changed();
  }

  private async run(run: OutputRun): Promise<void> {
    if (!(await this.repeat(() => this.output.open(run)))) {
      this.state = 'failing';
      this.releaseHeld();
      return this.changed();
    }
    this.state = 'running';
    this.changed();
    if (run.resumed) await this.catchUp(run.resumed);
    while (!this.over.signal.aborted) {
      const first = this.queue.takeFirst();
      if (first) await this.sendOne(first);
      else if (this.isEnding) return;
      else await this.queue.next();
    }
  }

  /** Sends the events that the service lacks of those that another master has left. */
  private async catchUp(resumed: ResumedRun): Promise<void> {
    const { output } = this;
    await this.repeat(async () => {
      this.sent = (await output.written?.(resumed, this.sent)) ?? this.sent;
    });
    for (const placed of resumed.events) {
      const { position } = placed;
      if (position <= this.sent) continue;
      const batch = this.made({ second: secondOf(placed), position }, () => compute(output, placed));
      if (batch) await this.sendOne(batch);
    }
    this.releaseHeld();
  }

  private releaseHeld(): void {
    const { held = [] } = this;
    this.held = undefined;
    for (const { about, make } of held) this.compute(about, make);
  }

  private async sendOne(queued: QueuedBatch): Promise<void> {
    const { batch, second, position } = queued;
    this.isSending = true;
    const isSent = await this.repeat((signal) => this.output.send(batch, signal, position));
    if (isSent) this.sentBatches += 1;
    else this.queue.lost(second);
    this.isSending = false;
    this.passed(queued);
    this.changed();
  }

  /**
   * Repeats until it has succeeded.
   * @returns false if repeating is useless, or the time is over
   */
  private async repeat(attempt: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    for (let failures = 1; !this.over.signal.aborted; failures += 1) {
      try {
        await this.attempt(attempt);
        if (this.state === 'failing') this.state = 'running';
        return true;
      } catch (error) {
        this.failed(error);
        if (error instanceof OutputError) return false;
        await this.pause(failures);
      }
    }
    return false;
  }

  private async attempt(call: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const time = AbortSignal.timeout(SEND_LIMIT_MS);
    const signal = AbortSignal.any([time, this.over.signal]);
    const aborted = new Promise<never>((_, reject) => {
      const giveUp = (): void => {
        const why = time.aborted ? 'no answer within 10 s' : 'no answer before the end of the run';
        setTimeout(() => reject(new Error(why)), this.over.signal.aborted ? 0 : SETTLE_LIMIT_MS);
      };
      if (signal.aborted) giveUp();
      else signal.addEventListener('abort', giveUp, { once: true });
    });
    aborted.catch(() => {});
    const called = call(signal);
    called.catch(() => {});
    await Promise.race([called, aborted]);
  }

  /** Waits before the next attempt. The end of the run interrupts the wait once. */
  private async pause(failures: number): Promise<void> {
    const { signal: hurry } = this.hurry;
    const signal = hurry.aborted ? this.over.signal : AbortSignal.any([hurry, this.over.signal]);
    const ms = this.isEnding ? Math.min(1_000, backOffMs(failures)) : backOffMs(failures);
    await sleep(ms, undefined, { signal }).catch(() => {});
  }

  private failed(error: unknown): void {
    this.lastError = printable(messageOf(error)).slice(0, MAX_ERROR_CHARS);
    if (this.state === 'running') this.state = 'failing';
    this.changed();
  }
}

/** What a batch is about. */
type About = { readonly [field in 'second' | 'position']?: number | undefined };

interface Held {
  readonly about: About;
  readonly make: () => unknown;
}

function secondOf({ event }: OutputInput): number | undefined {
  return event.type === 'closed' || event.type === 'corrected' ? event.second : undefined;
}

function compute(output: Output, { event, position }: OutputInput): unknown {
  if (position === undefined) return output.event?.(event);
  switch (event.type) {
    case 'closed':
      return output.interval(event, position);
    case 'corrected':
      return output.correction(event, position);
    case 'reset':
      return output.reset?.(event, position);
  }
}

async function within(limitMs: Millis, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  try {
    await Promise.race([done, limit]);
  } finally {
    clearTimeout(timer);
  }
}
