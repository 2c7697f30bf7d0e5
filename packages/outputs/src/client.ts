import { DrumlineError, formatDuration, messageOf, type Millis } from '@drumline/model';
import type { IntervalEvent } from '@drumline/stats';
import type { OutputView, RunEventView } from '@drumline/wire';
import { InputQueue } from './input-queue.js';
import type { OutputEnd } from './output.js';
import { readOutputs, refusal, type WrittenOutput } from './requests.js';
import { shownSpec, shownUrl } from './spec.js';
import { Refused, ThreadHandle } from './thread-handle.js';
import type { BegunRun, OutputProgress, OutputsAnswer, RequestedOutput } from './thread/messages.js';

/** Time for the outputs of a run that has ended to send what waits. */
const FLUSH_LIMIT_MS = 10_000;
/** A thread that has not ended by then is terminated. */
const END_SLACK_MS = 4_000;
/** Silence after which the thread counts as blocked. */
const BLOCKED_AFTER_MS = 5_000;
const OPENING: OutputProgress = { state: 'opening', sentBatches: 0, droppedSeconds: 0, sent: 0 };

/** The outputs of a run. They work in a thread, for which the run waits only at its end. */
export class OutputsClient {
  private progress: readonly OutputProgress[];
  /** Of threads that have died. */
  private earlier: readonly OutputProgress[] = [];
  private readonly inputs = new InputQueue((input) => {
    this.thread?.send({ kind: 'input', input, notTaken: this.inputs.droppedSeconds });
  });
  private run: BegunRun | undefined;
  /** The newest second that was passed on. */
  private second = -1;
  private restarts = 0;
  private ending: Promise<void> | undefined;
  private log: (line: string) => void = () => {};
  /** Where outputs listen, also after their thread has ended. */
  private addresses: readonly (string | undefined)[] = [];

  private constructor(
    private thread: ThreadHandle | undefined,
    private readonly requested: readonly RequestedOutput[],
  ) {
    this.progress = requested.map(() => OPENING);
    this.follow(thread!);
  }

  /**
   * Starts the thread, and reaches the services.
   * @throws DrumlineError `usage` with all invalid outputs, `output-unwritable` with all that
   * cannot be reached
   * @param goesOn whether all outputs are optional, because the run goes on in any case
   */
  static async start(written: readonly WrittenOutput[], goesOn = false): Promise<OutputsClient> {
    const requested = readOutputs(written).map((one) => (goesOn ? { ...one, isOptional: true } : one));
    return new OutputsClient(await startThread(written, requested), requested);
  }

  /**
   * Creates outputs, without reaching their services.
   * @throws DrumlineError `usage` with all invalid outputs
   */
  static async check(written: readonly WrittenOutput[]): Promise<void> {
    await startThread(written, readOutputs(written), true);
  }

  /** Problems of optional outputs, as lines to show. */
  get warnings(): string[] {
    const { problems = [] } = this.thread?.ready ?? {};
    return problems.map(
      ({ index, message }) => `${this.shown(index)}: ${message}; it is tried again during the run`,
    );
  }

  /** @param log receives where outputs listen, and a line when an output fails or recovers */
  begin(run: BegunRun, log: (line: string) => void): void {
    this.log = log;
    this.run = run;
    this.requested.forEach(({ spec: { name } }, index) => {
      const address = this.addressOf(index);
      if (address !== undefined) log(`Output ${name} listens at ${address}.`);
    });
    this.thread?.send({ kind: 'begin', run });
  }

  interval(event: IntervalEvent, position: number): void {
    if (event.type === 'closed') this.second = event.second;
    this.inputs.push({ event, position });
  }

  event(event: RunEventView): void {
    this.inputs.push({ event });
  }

  get views(): OutputView[] {
    const { blockedMs, droppedSeconds: notTaken } = this.inputs;
    const blocked =
      blockedMs < BLOCKED_AFTER_MS
        ? {}
        : { state: 'failing' as const, lastError: `it has been blocked for ${formatDuration(blockedMs)}` };
    return this.progress.map((one, index) => {
      const { name, url = '' } = this.requested[index]!.spec;
      const { sentBatches = 0, droppedSeconds = 0 } = this.earlier[index] ?? {};
      const { state, lastError } = one;
      return {
        name,
        to: this.addressOf(index) ?? shownUrl(url),
        state,
        ...(lastError !== undefined && { lastError }),
        ...blocked,
        sentBatches: one.sentBatches + sentBatches,
        droppedSeconds: one.droppedSeconds + droppedSeconds + notTaken,
      };
    });
  }

  /** Position of the last event that each output has sent, by its name and address. */
  get sent(): Record<string, number> {
    const sent: Record<string, number> = {};
    this.progress.forEach((one, index) => {
      const key = this.shown(index);
      sent[key] = Math.min(sent[key] ?? Infinity, one.sent);
    });
    return sent;
  }

  /** Sends what waits, for so long at most, and ends the thread. May be called again. */
  end(end: OutputEnd, limitMs: Millis = FLUSH_LIMIT_MS): Promise<void> {
    this.ending ??= this.flush(end, limitMs);
    return this.ending;
  }

  private async flush(end: OutputEnd, limitMs: Millis): Promise<void> {
    const { thread, inputs } = this;
    if (!thread) return inputs.close();
    thread.keepAlive();
    inputs.release();
    thread.send({ kind: 'end', end, limitMs });
    const overdueMs = limitMs + END_SLACK_MS;
    const why = `it was blocked, and was ended after ${formatDuration(overdueMs)}`;
    const overdue = setTimeout(() => thread.terminate(why), overdueMs);
    await thread.ended;
    clearTimeout(overdue);
  }

  private follow(thread: ThreadHandle): void {
    this.addresses = thread.ready.addresses;
    thread.listen({
      answered: (answer) => this.receive(answer),
      ended: (why) => this.died(why),
    });
  }

  private receive(answer: OutputsAnswer): void {
    if (answer.kind === 'taken') this.inputs.taken();
    else if (answer.kind === 'status' || answer.kind === 'ended') this.show(answer.outputs);
  }

  private show(progress: readonly OutputProgress[]): void {
    progress.forEach((one, index) => {
      const before = this.progress[index]!.state;
      if (one.state === before) return;
      if (one.state === 'failing')
        this.log(`Output ${this.shown(index)} fails and is tried again: ${one.lastError ?? ''}`);
      else if (before === 'failing' && one.state === 'running')
        this.log(`Output ${this.shown(index)} works again.`);
    });
    this.progress = progress;
  }

  private addressOf(index: number): string | undefined {
    return this.addresses[index];
  }

  private shown(index: number): string {
    return shownSpec(this.requested[index]!.spec);
  }

  /** Starts another thread, once in a run. After that, the outputs are closed. */
  private died(why: string): void {
    this.thread = undefined;
    if (this.progress.every(({ state }) => state === 'closed')) return this.inputs.close();
    const lastError = `the thread of the outputs ended: ${why}`;
    const isLast = this.ending !== undefined || this.restarts > 0;
    const state = isLast ? 'closed' : 'failing';
    this.progress = this.progress.map((one) => ({ ...one, state, lastError }));
    if (isLast) {
      this.inputs.close();
      return this.log(`The outputs have ended, because ${lastError}`);
    }
    this.restarts += 1;
    this.inputs.hold();
    this.log(`The outputs are started again, because ${lastError}`);
    void this.restart();
  }

  private async restart(): Promise<void> {
    try {
      // Services that do not answer now are tried again during the run.
      const thread = await ThreadHandle.start(this.requested.map((one) => ({ ...one, isOptional: true })));
      if (this.ending) return thread.terminate('the run has ended');
      this.earlier = this.progress;
      this.progress = this.progress.map(({ sent }) => ({ ...OPENING, sent }));
      this.thread = thread;
      this.follow(thread);
      if (this.run) {
        const { resumed: _, ...run } = this.run;
        thread.send({ kind: 'begin', run: { ...run, fromSecond: this.second + 1 } });
      }
      this.inputs.resume();
    } catch (error) {
      this.died(messageOf(error));
    }
  }
}

async function startThread(
  written: readonly WrittenOutput[],
  requested: readonly RequestedOutput[],
  isTrial = false,
): Promise<ThreadHandle> {
  try {
    return await ThreadHandle.start(requested, isTrial);
  } catch (error) {
    if (error instanceof Refused) throw refusal(error.problems, written, requested);
    throw new DrumlineError('internal', `the thread of the outputs cannot start: ${messageOf(error)}`);
  }
}
