import { Worker } from 'node:worker_threads';
import { DrumlineError, messageOf, type Millis } from '@drumline/model';
import type { IntervalEvent } from '@drumline/stats';
import type { OutputView, RunEventView } from '@drumline/wire';
import type { OutputEnd, OutputRun } from './output.js';
import { InputQueue } from './input-queue.js';
import { readOutputs, refusal, type WrittenOutput } from './requests.js';
import { shownSpec, shownUrl } from './spec.js';
import type {
  OutputProgress,
  OutputsAnswer,
  OutputsOrder,
  OutputsThreadData,
  RequestedOutput,
  RequestProblem,
} from './thread/messages.js';

/** Time for the outputs of a run that has ended to send what waits. */
const FLUSH_LIMIT_MS = 10_000;
/** A thread that has not ended by then is terminated. */
const END_SLACK_MS = 4_000;

/** The outputs of a run. They work in a thread, for which the run waits only at its end. */
export class OutputsClient {
  /** What went wrong with optional outputs, as lines to show. */
  readonly warnings: readonly string[];
  private progress: readonly OutputProgress[];
  private readonly inputs: InputQueue;
  private readonly ended: Promise<void>;
  private ending: Promise<void> | undefined;
  private log: (line: string) => void = () => {};

  private constructor(
    private readonly thread: Worker,
    private readonly requested: readonly RequestedOutput[],
    problems: readonly RequestProblem[],
  ) {
    this.warnings = problems.map(
      ({ index, message }) => `${shownSpec(requested[index]!.spec)}: ${message}; retrying during the run`,
    );
    this.progress = requested.map(() => ({ state: 'opening', sentBatches: 0, droppedSeconds: 0 }));
    this.inputs = new InputQueue((input) => this.send({ kind: 'input', input }));
    thread.on('message', (answer: OutputsAnswer) => this.receive(answer));
    thread.on('error', (error) => this.died(messageOf(error)));
    this.ended = new Promise((resolve) => {
      thread.on('exit', () => {
        this.died('it has exited');
        resolve();
      });
    });
    thread.unref();
  }

  /**
   * Starts the thread, and reaches the services.
   * @throws DrumlineError `usage` with all invalid outputs, `output-unwritable` with all that
   * cannot be reached
   */
  static async start(written: readonly WrittenOutput[]): Promise<OutputsClient> {
    const requested = readOutputs(written);
    const workerData: OutputsThreadData = { requested };
    const thread = new Worker(new URL('./thread/main.js', import.meta.url), { workerData });
    const answer = await firstAnswer(thread);
    if (answer.kind === 'refused') throw refusal(answer.problems, written, requested);
    return new OutputsClient(thread, requested, answer.problems);
  }

  /** @param log receives a line when an output fails or recovers */
  begin(run: OutputRun, log: (line: string) => void): void {
    this.log = log;
    this.send({ kind: 'begin', run });
  }

  interval(event: IntervalEvent): void {
    this.inputs.push(event);
  }

  event(event: RunEventView): void {
    this.inputs.push({ type: 'event', event });
  }

  get views(): OutputView[] {
    return this.progress.map((one, index) => {
      const { name, url = '' } = this.requested[index]!.spec;
      const droppedSeconds = one.droppedSeconds + this.inputs.droppedSeconds;
      return { name, to: shownUrl(url), ...one, droppedSeconds };
    });
  }

  /** Sends what waits, for so long at most, and ends the thread. May be called again. */
  end(end: OutputEnd, limitMs: Millis = FLUSH_LIMIT_MS): Promise<void> {
    this.ending ??= this.flush(end, limitMs);
    return this.ending;
  }

  private async flush(end: OutputEnd, limitMs: Millis): Promise<void> {
    this.thread.ref();
    this.inputs.release();
    this.send({ kind: 'end', end, limitMs });
    const overdue = setTimeout(() => void this.thread.terminate(), limitMs + END_SLACK_MS);
    await this.ended;
    clearTimeout(overdue);
  }

  private send(order: OutputsOrder): void {
    this.thread.postMessage(order);
  }

  private receive(answer: OutputsAnswer): void {
    if (answer.kind === 'taken') this.inputs.taken();
    else if (answer.kind === 'status' || answer.kind === 'ended') this.show(answer.outputs);
  }

  private show(progress: readonly OutputProgress[]): void {
    progress.forEach((one, index) => {
      const before = this.progress[index]!.state;
      if (one.state === before) return;
      const shown = `Output ${shownSpec(this.requested[index]!.spec)}`;
      if (one.state === 'failing') this.log(`${shown} fails and is retried: ${one.lastError ?? ''}`);
      else if (before === 'failing' && one.state === 'running') this.log(`${shown} works again.`);
    });
    this.progress = progress;
  }

  /** The outputs are closed, unless they had ended. */
  private died(why: string): void {
    this.inputs.close();
    if (this.progress.every(({ state }) => state === 'closed')) return;
    const lastError = `the thread of the outputs ended: ${why}`;
    this.progress = this.progress.map((one) => ({ ...one, state: 'closed', lastError }));
    this.log(`The outputs have ended, because ${lastError}`);
  }
}

/** @throws DrumlineError if the thread cannot be started */
async function firstAnswer(thread: Worker): Promise<Extract<OutputsAnswer, { kind: 'ready' | 'refused' }>> {
  return await new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', (error: unknown) =>
      reject(new DrumlineError('internal', `the thread of the outputs cannot start: ${messageOf(error)}`)),
    );
  });
}
