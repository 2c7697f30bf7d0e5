import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, printable, type Millis } from '@drumline/model';
import { OutputError, type Output, type OutputEnd, type OutputRun } from '../output.js';
import { backOffMs } from './back-off.js';
import { BatchQueue } from './batch-queue.js';
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

  /** @param changed called when its progress has changed */
  constructor(
    private readonly output: Output,
    private readonly changed: () => void,
  ) {}

  get progress(): OutputProgress {
    const { state, sentBatches, lastError } = this;
    const { droppedSeconds } = this.queue;
    return { state, sentBatches, droppedSeconds, ...(lastError !== undefined && { lastError }) };
  }

  /** Opens the service for a run, and sends from then on. */
  begin(run: OutputRun): void {
    this.sending = this.run(run);
  }

  take(input: OutputInput): void {
    const second = input.type === 'closed' || input.type === 'corrected' ? input.second : undefined;
    this.compute(second, () => compute(this.output, input));
  }

  /** Sends what waits, for so long at most, and frees everything. */
  async end(end: OutputEnd, limitMs: Millis): Promise<void> {
    if (this.sending) this.compute(undefined, () => this.output.end?.(end));
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

  private compute(second: number | undefined, make: () => unknown): void {
    try {
      const batch = make();
      if (batch !== undefined) this.queue.push({ batch, second });
    } catch (error) {
      this.queue.lost(second);
      this.failed(error);
    }
    this.changed();
  }

  private async run(run: OutputRun): Promise<void> {
    if (!(await this.repeat(() => this.output.open(run)))) {
      this.state = 'failing';
      return this.changed();
    }
    this.state = 'running';
    this.changed();
    while (!this.over.signal.aborted) {
      const first = this.queue.takeFirst();
      if (!first) {
        if (this.isEnding) return;
        await this.queue.next();
        continue;
      }
      const isSent = await this.repeat((signal) => this.output.send(first.batch, signal));
      if (isSent) this.sentBatches += 1;
      else this.queue.lost(first.second);
      this.changed();
    }
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

function compute(output: Output, input: OutputInput): unknown {
  switch (input.type) {
    case 'closed':
      return output.interval(input);
    case 'corrected':
      return output.correction(input);
    case 'reset':
      return output.reset?.(input);
    case 'event':
      return output.event?.(input.event);
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
