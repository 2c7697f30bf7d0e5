import { isDeepStrictEqual } from 'node:util';
import { formatCount, messageOf, withoutLogin } from '@drumline/model';
import type { OutputView, RunResult } from '@drumline/wire';
import type { Log } from '../cluster/log.js';
import type { IntervalStream } from '../intervals/interval-stream.js';
import type { StoreWriter } from '../store/store-writer.js';
import { DurableEvents } from './durable-events.js';
import type { EventBus } from './event-bus.js';
import type { NoteCollector } from './note-collector.js';
import type { RunClock } from './run-clock.js';
import type { OpenOutputs, ResumedOutputs, RunOutputs } from './run-outputs.js';
import type { PlannedRun } from './started-run.js';

/** Time for outputs to send what waits if the run has no regular end. */
const QUICK_FLUSH_MS = 1_000;
/** What an output gets at most that is opened late. The oldest is lost. */
const MOST_HELD = 120;
const FROM_ELSEWHERE: ReadonlySet<string> = new Set(['interval', 'correction', 'end']);

interface FedRun {
  readonly id: string;
  readonly scenarioName: string;
  readonly planned: Pick<PlannedRun, 'plan'> | undefined;
  readonly intervals: { readonly stream: IntervalStream };
  readonly events: Pick<EventBus, 'subscribe'>;
  readonly notes: Pick<NoteCollector, 'add' | 'all'>;
  readonly writer: Pick<StoreWriter, 'saved' | 'isKeeping'>;
  readonly options: {
    readonly outputs?: RunOutputs | undefined;
    readonly openOutputs?: OpenOutputs | undefined;
    readonly standalone?: boolean | undefined;
  };
}

/** When a run begins under this master. */
interface Beginning {
  readonly startedAt: Date;
  readonly fromSecond: number;
  readonly resumed: ResumedOutputs | undefined;
}

type Pass = (outputs: RunOutputs) => void;

/** Passes the seconds and the events of a run to its outputs, once they are stored. */
export class OutputFeed {
  /** Those that were opened once the plan was known. */
  private opened: RunOutputs | undefined;
  private hasOpened = false;
  private isClosed = false;
  /** What outputs get that are not open yet; undefined if there are none. */
  private held: Pass[] | undefined;
  private sentBefore: Readonly<Record<string, number>> = {};
  private lastSent: Readonly<Record<string, number>> = {};
  private readonly leaving: (() => void)[] = [];
  private readonly durable = new DurableEvents(() => (this.isDurable ? this.run.writer.saved() : undefined));

  constructor(private readonly run: FedRun) {}

  get views(): readonly OutputView[] {
    return this.all.flatMap(({ views }) => views);
  }

  /**
   * Position of the last event that each output has sent; undefined if no other master needs it.
   * The object is replaced when it changes.
   */
  get sent(): Readonly<Record<string, number>> | undefined {
    if (this.run.options.standalone === true) return undefined;
    const before = this.held ? this.sentBefore : {};
    const sent = Object.assign({}, before, ...this.all.map((outputs) => outputs.sent)) as typeof before;
    if (!isDeepStrictEqual(sent, this.lastSent)) this.lastSent = sent;
    return Object.keys(sent).length === 0 ? undefined : this.lastSent;
  }

  /** Opens the outputs, then does the rest. @throws DrumlineError if they cannot be used */
  async openFor(rest: () => Promise<void>): Promise<void> {
    await this.open(false);
    await rest();
  }

  /**
   * The run starts, or goes on under this master from this second.
   * @param resumed what another master has left
   */
  begin(
    { startedAt }: Pick<RunClock, 'startedAt'>,
    fromSecond: number,
    log: Log,
    resumed?: ResumedOutputs,
  ): void {
    const beginning = { startedAt, fromSecond, resumed };
    this.sentBefore = resumed?.sent ?? {};
    for (const outputs of this.all) this.beginOne(outputs, beginning, log);
    if (!this.hasOpened && this.run.options.openOutputs) void this.openLate(beginning, log);
    if (this.all.length > 0 || this.held) this.follow();
  }

  /**
   * Sends what waits, for 10 s at most, and notes what was lost.
   * @param resultOf closes the last second; called only if there are outputs
   * @returns the result that they got, with how they ended: nothing may be counted after it
   */
  async end(resultOf: () => RunResult): Promise<RunResult | undefined> {
    if (this.all.length === 0) return undefined;
    const result = resultOf();
    this.leave();
    await this.durable.flush();
    await Promise.all(this.all.map(async (outputs) => await outputs.end({ result })));
    for (const view of this.views) if (view.droppedSeconds > 0) this.noteDropped(view);
    return { ...result, outputs: [...this.views], notes: [...this.run.notes.all] };
  }

  /**
   * Frees the outputs, if the run has not ended regularly.
   * @param result if there is one
   * @param isOver whether the run has ended: otherwise another master resumes it
   */
  async close(result: RunResult | undefined, isOver: boolean): Promise<void> {
    this.isClosed = true;
    this.leave();
    await this.durable.flush();
    const end = { ...(result && { result }), ...(!isOver && { continues: true as const }) };
    await Promise.all(this.all.map(async (outputs) => await outputs.end(end, QUICK_FLUSH_MS)));
  }

  private get all(): readonly RunOutputs[] {
    return [this.run.options.outputs, this.opened].filter((outputs) => outputs !== undefined);
  }

  /** Whether another master would know what is stored. */
  private get isDurable(): boolean {
    const { options, writer } = this.run;
    return options.standalone !== true && writer.isKeeping;
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
  private async openLate(beginning: Beginning, log: Log): Promise<void> {
    const held = (this.held = [] as Pass[]);
    try {
      await this.open(true);
      this.held = undefined;
      if (!this.opened || this.isClosed) return;
      this.beginOne(this.opened, beginning, log);
      for (const pass of held) pass(this.opened);
    } catch (error) {
      this.held = undefined;
      log(`The run goes on without outputs: ${messageOf(error)}`);
    }
  }

  private beginOne(outputs: RunOutputs, { startedAt, fromSecond, resumed }: Beginning, log: Log): void {
    const { id: runId, scenarioName: scenario, planned } = this.run;
    const { labels = {}, target } = planned?.plan ?? {};
    const begun = { runId, scenario, startedAt: startedAt.toISOString(), labels, fromSecond };
    outputs.begin(
      {
        ...begun,
        ...(target !== undefined && { target: withoutLogin(target) }),
        ...((this.isDurable || resumed) && { mayResume: true as const }),
        ...(resumed && { resumed }),
      },
      log,
    );
  }

  private follow(): void {
    const { intervals, events } = this.run;
    const seconds = intervals.stream.subscribe('An output', (event, position) =>
      this.durable.push(() => this.pass((outputs) => outputs.interval(event, position))),
    );
    // Seconds and the end come from the stream and with the result.
    const unfollow = events.subscribe((event) => {
      if (!FROM_ELSEWHERE.has(event.type))
        this.durable.pushUnstored(() => this.pass((outputs) => outputs.event(event)));
    });
    this.leaving.push(() => seconds.close(), unfollow);
  }

  private pass(pass: Pass): void {
    for (const outputs of this.all) if (outputs !== this.opened || !this.held) pass(outputs);
    this.held?.push(pass);
    if (this.held && this.held.length > MOST_HELD) this.held.shift();
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
