import { formatCount } from '@drumline/model';
import type { OutputView, RunResult } from '@drumline/wire';
import type { Log } from '../cluster/log.js';
import type { IntervalStream, Subscription } from '../intervals/interval-stream.js';
import type { EventBus } from './event-bus.js';
import type { NoteCollector } from './note-collector.js';
import type { RunClock } from './run-clock.js';
import type { RunOutputs } from './run-outputs.js';
import type { PlannedRun } from './started-run.js';

/** Time for outputs to send what waits if the run has no regular end. */
const QUICK_FLUSH_MS = 1_000;
const FROM_ELSEWHERE: ReadonlySet<string> = new Set(['interval', 'correction', 'end']);

interface FedRun {
  readonly id: string;
  readonly scenarioName: string;
  readonly planned: Pick<PlannedRun, 'plan'> | undefined;
  readonly intervals: { readonly stream: IntervalStream };
  readonly events: Pick<EventBus, 'subscribe'>;
  readonly notes: Pick<NoteCollector, 'add'>;
  readonly options: { readonly outputs?: RunOutputs | undefined };
}

/** Passes the seconds and the events of a run to its outputs. */
export class OutputFeed {
  private subscription: Pick<Subscription, 'close'> | undefined;
  private unfollow: () => void = () => {};

  constructor(private readonly run: FedRun) {}

  get views(): readonly OutputView[] {
    return this.outputs?.views ?? [];
  }

  /** The run starts, or goes on under this master from this second. */
  begin(clock: Pick<RunClock, 'startedAt'>, fromSecond: number, log: Log): void {
    const { outputs, run } = this;
    if (!outputs) return;
    const { id: runId, scenarioName: scenario, planned } = run;
    const startedAt = clock.startedAt.toISOString();
    const labels = planned?.plan.labels ?? {};
    outputs.begin({ runId, scenario, startedAt, labels, fromSecond }, log);
    this.subscription = run.intervals.stream.subscribe('An output', (event) => outputs.interval(event));
    // Seconds and the end come from the stream and with the result.
    this.unfollow = run.events.subscribe((event) => {
      if (!FROM_ELSEWHERE.has(event.type)) outputs.event(event);
    });
  }

  /**
   * Sends what waits, for 10 s at most, and notes what was lost.
   * @param resultOf closes the last second; called only if there are outputs
   */
  async end(resultOf: () => RunResult): Promise<void> {
    const { outputs } = this;
    if (!outputs) return;
    const result = resultOf();
    this.leave();
    await outputs.end({ result });
    for (const view of outputs.views) if (view.droppedSeconds > 0) this.noteDropped(view);
  }

  /**
   * Frees the outputs, if the run has not ended regularly.
   * @param result if there is one
   * @param isOver whether the run has ended: otherwise another master resumes it
   */
  async close(result: RunResult | undefined, isOver: boolean): Promise<void> {
    this.leave();
    const end = { ...(result && { result }), ...(!isOver && { continues: true as const }) };
    await this.outputs?.end(end, QUICK_FLUSH_MS);
  }

  private get outputs(): RunOutputs | undefined {
    return this.run.options.outputs;
  }

  private leave(): void {
    this.subscription?.close();
    this.unfollow();
  }

  private noteDropped({ name, to, droppedSeconds, lastError }: OutputView): void {
    const seconds = droppedSeconds === 1 ? '1 second' : `${formatCount(droppedSeconds)} seconds`;
    const why = lastError === undefined ? '' : ` Its last error: ${lastError}`;
    this.run.notes.add(
      'output-dropped',
      `The output ${to === '' ? name : `${name} (${to})`} lost ${seconds} of the run. The report is complete.${why}`,
      `output-dropped ${name} ${to}`,
    );
  }
}
