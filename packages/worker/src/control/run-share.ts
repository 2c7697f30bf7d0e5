import { messageOf, type Millis } from '@drumline/model';
import {
  whyItCannotTravel,
  type Assignment,
  type Drain,
  type LaneIncident,
  type PhaseDone,
  type Prepare,
  type RunPhase,
  type Start,
  type StopRun,
} from '@drumline/wire';
import type { BundleFetcher } from './bundle-fetch.js';
import type { MasterSession } from './master-session.js';
import { ReportOutbox } from './report-outbox.js';
import type { WorkerLanes } from './worker-lanes.js';

/** What a phase gave, or what went wrong, in words. */
type PhaseOutcome = Pick<PhaseDone, 'result' | 'problem'>;

/** A worker's part in one run: what its lanes do, and what becomes of what they count. */
export class RunShare {
  readonly id: string;
  readonly outbox: ReportOutbox;
  /** Resolves when every lane has the scenario, with what went wrong if something did. */
  private readonly loading: Promise<string | undefined>;
  /** What came of `setup` or `teardown`, once it was asked for. */
  private readonly phases = new Map<RunPhase['phase'], Promise<PhaseOutcome>>();
  /** Those of them that are over, with everything they counted merged. */
  private readonly delivered = new Set<RunPhase['phase']>();
  private epoch = 0;
  private startAtMasterMs: Millis | undefined;
  /** A start that came before it was known what time it is at the master. */
  private earlyStart: (() => void) | undefined;
  /** Resolves with the lanes that had to be killed. */
  private draining: Promise<number[]> | undefined;
  private isStopped = false;

  constructor(
    private readonly order: Prepare,
    readonly lanes: WorkerLanes,
    private readonly session: MasterSession,
    bundles: BundleFetcher,
  ) {
    this.id = order.runId;
    this.outbox = new ReportOutbox(session.link, order.runId, { series: order.plan.maxSeries });
    this.loading = this.load(bundles);
  }

  /** The assignment that is followed; 0 if there is none or no start, so that the master says both again. */
  get epochInForce(): number {
    return this.lanes.held || this.startAtMasterMs === undefined ? 0 : this.epoch;
  }

  /** When it began, on this machine's clock; nothing before the start. */
  get startAtMs(): Millis | undefined {
    return this.startAtMasterMs === undefined ? undefined : this.session.toLocal(this.startAtMasterMs);
  }

  /** Asked again, it answers again: the answer may have been lost. */
  async prepare(): Promise<void> {
    const problem = await this.loading;
    const { id: runId } = this;
    this.session.link.send({ type: 'prepared', runId, ...(problem === undefined ? {} : { problem }) });
  }

  /** Asked again, it answers again and does nothing twice. */
  async runPhase({ phase, setupResult }: RunPhase): Promise<void> {
    const running = this.phases.get(phase) ?? this.outcomeOf(phase, setupResult);
    this.phases.set(phase, running);
    const outcome = await running;
    await this.deliver();
    this.delivered.add(phase);
    this.session.link.send({ type: 'phaseDone', runId: this.id, phase, ...outcome });
  }

  assign(assignment: Assignment): void {
    if (assignment.epoch < this.epoch) return;
    this.epoch = assignment.epoch;
    this.lanes.assign(assignment);
  }

  start({ startAtMs, setupResult, lanes }: Start): void {
    const { session } = this;
    const begin = (): void => {
      this.earlyStart = undefined;
      this.startAtMasterMs = startAtMs;
      this.lanes.start({ startAtMs: session.toLocal(startAtMs), setupResult }, lanes);
    };
    if (session.clockKnown) begin();
    else this.earlyStart = begin;
  }

  /** What is known of the master's clock has got better. */
  adjustClock(): void {
    this.earlyStart?.();
    const { startAtMs } = this;
    if (startAtMs !== undefined) this.lanes.adjustClock(startAtMs);
  }

  /** The master counts on another clock than before, as one on another machine does: it says when the run began on that one. */
  awaitStart(): void {
    this.startAtMasterMs = undefined;
  }

  /** Asked again, it answers again: the answer may have been lost. */
  async drain({ stopTimeoutMs }: Drain): Promise<void> {
    const killedLanes = await this.stop(stopTimeoutMs);
    await this.deliver();
    // What became of the lanes must be known before.
    this.session.beat();
    this.session.link.send({ type: 'drained', runId: this.id, killedLanes });
  }

  /** Ends all users for good. @returns the lanes that had to be killed */
  async stop(stopTimeoutMs = this.order.plan.stopTimeoutMs): Promise<number[]> {
    this.draining ??= this.lanes.drain(stopTimeoutMs);
    const killedLanes = await this.draining;
    this.isStopped = true;
    return killedLanes;
  }

  /** Whether everything that there was to count is acknowledged. */
  get isComplete(): boolean {
    return this.isStopped && this.outbox.isEmpty && this.delivered.size === this.phases.size;
  }

  /** Resolves when everything that the lanes have handed over so far is merged by the master. */
  async deliver(): Promise<void> {
    this.report();
    await this.outbox.settled();
  }

  /** Sent to the master at once, and repeated in reports until acknowledged. */
  addIncident(incident: Omit<LaneIncident, 'type'>): void {
    this.outbox.addIncident(incident);
    this.report();
  }

  /** Sent to the master at once, and repeated in reports until acknowledged. */
  askToStop(stopRun: StopRun): void {
    this.outbox.askToStop(stopRun);
    this.report();
  }

  report(): void {
    if (this.session.welcomed) this.outbox.flush(this.epoch);
    else this.outbox.compact();
  }

  private outcomeOf(phase: RunPhase['phase'], setupResult: unknown): Promise<PhaseOutcome> {
    return this.lanes.runPhase(phase, setupResult).then(
      (result) => {
        const why = whyItCannotTravel(result);
        return why === undefined
          ? { result }
          : { problem: `what ${phase} gives cannot go to the lanes: ${why}.` };
      },
      (error: unknown) => ({ problem: messageOf(error) }),
    );
  }

  /** @returns what went wrong, in words, or nothing */
  private async load(bundles: BundleFetcher): Promise<string | undefined> {
    const { bundle, plan, secrets = {} } = this.order;
    try {
      await this.lanes.load({ code: await bundles.fetch(bundle), plan, secrets });
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }
}
