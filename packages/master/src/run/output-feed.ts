import { formatCount, messageOf } from '@drumline/model';
import type { OutputView, RunResult } from '@drumline/wire';
import type { Log } from '../cluster/log.js';
import type { IntervalStream } from '../intervals/interval-stream.js';
import type { EventBus } from './event-bus.js';
import type { NoteCollector } from './note-collector.js';
import type { RunClock } from './run-clock.js';
import type { OpenOutputs, RunOutputs } from './run-outputs.js';
import type { PlannedRun } from './started-run.js';

/** Time for outputs to send what waits if the run has no regular end. */
const QUICK_FLUSH_MS = 1_000;
const FROM_ELSEWHERE: ReadonlySet<string> = new Set(['interval', 'correction', 'end']);

interface FedRun {
  readonly id: string;
  readonly scenarioName: string;
  readonly planned: Pick<PlannedRun, 'plan'> | undefined;
  readonly intervals: { readonly stream: IntervalStream; readonly closedThrough: number };
  readonly events: Pick<EventBus, 'subscribe'>;
  readonly notes: Pick<NoteCollector, 'add'>;
  readonly options: {
    readonly outputs?: RunOutputs | undefined;
    readonly openOutputs?: OpenOutputs | undefined;
  };
}

/** Passes the seconds and the events of a run to its outputs. */
export class OutputFeed {
  /** Those that were opened once the plan was known. */
  private opened: RunOutputs | undefined;
  private hasOpened = false;
  private isClosed = false;
  private readonly leaving: (() => void)[] = [];

  constructor(private readonly run: FedRun) {}

  get views(): readonly OutputView[] {
    return this.all.flatMap(({ views }) => views);
  }

  /** Opens the outputs, then does the rest. @throws DrumlineError if they cannot be used */
  async openFor(rest: () => Promise<void>): Promise<void> {
    await this.open(false);
    await rest();
  }

  /** The run starts, or goes on under this master from this second. */
  begin(clock: Pick<RunClock, 'startedAt'>, fromSecond: number, log: Log): void {
    for (const outputs of this.all) this.follow(outputs, clock, fromSecond, log);
    if (!this.hasOpened) void this.openLate(clock, log);
  }

  /**
   * Sends what waits, for 10 s at most, and notes what was lost.
   * @param resultOf closes the last second; called only if there are outputs
   */
  async end(resultOf: () => RunResult): Promise<void> {
    if (this.all.length === 0) return;
    const result = resultOf();
    this.leave();
    await Promise.all(this.all.map(async (outputs) => await outputs.end({ result })));
    for (const view of this.views) if (view.droppedSeconds > 0) this.noteDropped(view);
  }

  /**
   * Frees the outputs, if the run has not ended regularly.
   * @param result if there is one
   * @param isOver whether the run has ended: otherwise another master resumes it
   */
  async close(result: RunResult | undefined, isOver: boolean): Promise<void> {
    this.isClosed = true;
    this.leave();
    const end = { ...(result && { result }), ...(!isOver && { continues: true as const }) };
    await Promise.all(this.all.map(async (outputs) => await outputs.end(end, QUICK_FLUSH_MS)));
  }

  private get all(): readonly RunOutputs[] {
    return [this.run.options.outputs, this.opened].filter((outputs) => outputs !== undefined);
  }

  private async open(isResumed: boolean): Promise<void> {
    this.hasOpened = true;
    const { id: runId, planned, options } = this.run;
    const ofScenario = planned?.plan.outputs ?? [];
    this.opened = await options.openOutputs?.({ runId, ofScenario, isResumed });
    // The run has been stopped meanwhile.
    if (this.isClosed) await this.close(undefined, true);
  }

  /** Opens the outputs of a run that another master began. It goes on in any case. */
  private async openLate(clock: Pick<RunClock, 'startedAt'>, log: Log): Promise<void> {
    try {
      await this.open(true);
      if (this.opened) this.follow(this.opened, clock, this.run.intervals.closedThrough + 1, log);
    } catch (error) {
      log(`The run goes on without outputs: ${messageOf(error)}`);
    }
  }

  private follow(
    outputs: RunOutputs,
    { startedAt }: Pick<RunClock, 'startedAt'>,
    fromSecond: number,
    log: Log,
  ): void {
    const { id: runId, scenarioName: scenario, planned, intervals, events } = this.run;
    const { labels = {}, target } = planned?.plan ?? {};
    const begun = { runId, scenario, startedAt: startedAt.toISOString(), labels, fromSecond };
    outputs.begin({ ...begun, ...(target !== undefined && { target }) }, log);
    const seconds = intervals.stream.subscribe('An output', (event) => outputs.interval(event));
    // Seconds and the end come from the stream and with the result.
    const unfollow = events.subscribe((event) => {
      if (!FROM_ELSEWHERE.has(event.type)) outputs.event(event);
    });
    this.leaving.push(() => seconds.close(), unfollow);
  }

  private leave(): void {
    for (const leave of this.leaving.splice(0)) leave();
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
