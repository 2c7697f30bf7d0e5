import { artifactsOf, messageOf, type Millis } from '@drumline/model';
import {
  findPayloadProblem,
  type Assignment,
  type Drain,
  type LaneIncident,
  type PhaseDone,
  type Prepare,
  type RunPhase,
  type Start,
  type StopRun,
} from '@drumline/wire';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { ArtifactFetcher } from './artifact-fetch.js';
import type { Release } from './lane-grants.js';
import { limitsOfLoad } from './limits-of-load.js';
import type { WorkerMachine } from './machine.js';
import type { MasterSession } from './master-session.js';
import { ReportOutbox } from './report-outbox.js';
import { SharedRequests } from './shared-requests.js';
import type { WorkerLanes } from './worker-lanes.js';

/** Lanes hand over a second within this time after its end. */
const LANE_LAG_MS: Millis = 190;

/** The result of a phase, or its problem as text. */
type PhaseOutcome = Pick<PhaseDone, 'result' | 'problem'>;

/** The part of a worker in one run: its lanes and their reports. */
export class RunShare {
  readonly id: string;
  readonly outbox: ReportOutbox;
  /** What lanes ask of the state that they share. */
  readonly shared: SharedRequests;
  /** Resolves when every lane has loaded the scenario, with the problem if there was one. */
  private readonly loading: Promise<string | undefined>;
  /** Why a lane could not load the scenario. */
  problem: string | undefined;
  /** Outcomes of `setup` and `teardown`, once they were requested. */
  private readonly phases = new Map<RunPhase['phase'], Promise<PhaseOutcome>>();
  /** Phases that are over and whose counts are merged. */
  private readonly delivered = new Set<RunPhase['phase']>();
  private epoch = 0;
  private startAtMasterMs: Millis | undefined;
  /** A start that arrived before the master's clock was known. */
  private earlyStart: (() => void) | undefined;
  /** Resolves with the lanes that had to be killed. */
  private draining: Promise<number[]> | undefined;
  private isStopped = false;
  /** Number of callers that wait until everything is merged. Response times are not held then. */
  private delivering = 0;

  constructor(
    private readonly order: Prepare,
    readonly lanes: WorkerLanes,
    private readonly session: MasterSession,
    artifacts: ArtifactFetcher,
    private readonly machine: Pick<WorkerMachine, 'readLimits'>,
  ) {
    this.id = order.runId;
    this.outbox = new ReportOutbox(session.link, order.runId, { series: order.plan.maxSeries });
    this.shared = new SharedRequests((request) => {
      if (session.welcomed) session.link.send({ type: 'sharedRequest', runId: order.runId, ...request });
    });
    this.loading = this.load(artifacts);
  }

  /** The master has welcomed this worker, for the first time or again. */
  welcomed(): void {
    this.outbox.welcomed();
    this.shared.repeat(true);
  }

  /**
   * The epoch of the assignment in force. 0 without an assignment or a start: the master then sends
   * both again.
   */
  get epochInForce(): number {
    return this.lanes.held || this.startAtMasterMs === undefined ? 0 : this.epoch;
  }

  /** The start of the run on the local clock; undefined before the start. */
  get startAtMs(): Millis | undefined {
    return this.startAtMasterMs === undefined ? undefined : this.session.toLocal(this.startAtMasterMs);
  }

  /**
   * Answers when the scenario is loaded. Answers again if asked again, because the answer may be
   * lost.
   */
  async prepare(): Promise<void> {
    const problem = await this.loading;
    const { id: runId } = this;
    this.problem = problem;
    const limits = limitsOfLoad(this.machine.readLimits());
    this.session.link.send({
      type: 'prepared',
      runId,
      limits,
      ...(problem === undefined ? {} : { problem }),
    });
  }

  /** Runs a phase once, and answers each request for it. */
  async runPhase({ phase, setupResult }: RunPhase): Promise<void> {
    const running = this.phases.get(phase) ?? this.outcomeOf(phase, setupResult);
    this.phases.set(phase, running);
    const outcome = await running;
    await this.deliver();
    this.delivered.add(phase);
    this.session.link.send({ type: 'phaseDone', runId: this.id, phase, ...outcome });
  }

  assign(assignment: Assignment): void {
    // Users that have been stopped for good do not start again.
    if (assignment.epoch < this.epoch || this.draining) return;
    // Orders from before a long silence: others may have these users by now. The master repeats
    // orders that are in force once it hears this worker.
    if (monotonicMs() >= this.session.leaseUntilMs) return;
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

  /** Applies a better estimate of the master's clock. */
  adjustClock(): void {
    this.earlyStart?.();
    const { startAtMs } = this;
    if (startAtMs !== undefined) this.lanes.adjustClock(startAtMs);
  }

  /**
   * Waits for a new start message. Needed when the clock of the master changes, as on another
   * machine.
   */
  awaitStart(): void {
    this.startAtMasterMs = undefined;
  }

  /**
   * Stops all users and answers when everything is delivered. Answers again if asked again.
   * @param isLeaving whether other workers go on with the run
   */
  async drain({ stopTimeoutMs }: Drain, isLeaving: boolean): Promise<void> {
    const killedLanes = await this.stop(stopTimeoutMs, isLeaving);
    await this.deliver();
    await this.shared.settled();
    // The master must know the state of the lanes before it gets this message.
    this.session.beat();
    this.session.link.send({ type: 'drained', runId: this.id, killedLanes });
  }

  /** Stops all users for good. @returns the lanes that had to be killed */
  async stop(stopTimeoutMs = this.order.plan.stopTimeoutMs, isLeaving = false): Promise<number[]> {
    this.draining ??= this.lanes.drain(stopTimeoutMs, isLeaving);
    const killedLanes = await this.draining;
    this.isStopped = true;
    return killedLanes;
  }

  /** Whether users of the run may be running here. */
  get mayRunUsers(): boolean {
    return !this.isStopped && this.lanes.mayRunUsers;
  }

  /** Whether everything that was counted is acknowledged. */
  get isComplete(): boolean {
    return (
      this.isStopped && this.outbox.isEmpty && this.shared.isEmpty && this.delivered.size === this.phases.size
    );
  }

  /** Resolves when the master has merged everything that the lanes have handed over so far. */
  async deliver(): Promise<void> {
    this.delivering += 1;
    this.report();
    await this.outbox.settled();
    this.delivering -= 1;
  }

  /**
   * Sends an incident to the master at once, and repeats it in reports until it is acknowledged.
   */
  addIncident(incident: Omit<LaneIncident, 'type'>): void {
    this.outbox.addIncident(incident);
    this.report();
  }

  /** Sends the request to stop at once, and repeats it in reports until it is acknowledged. */
  askToStop(stopRun: StopRun): void {
    this.outbox.askToStop(stopRun);
    this.report();
  }

  /** Tells the master how far lanes deal with what they have released. Heartbeats repeat it. */
  release(releases: Release[]): void {
    const { id: runId, epoch } = this;
    if (this.session.welcomed) this.session.link.send({ type: 'released', runId, epoch, releases });
  }

  report(): void {
    const { outbox, session, throughSecond } = this;
    this.shared.repeat();
    outbox.quantilesEverySeconds = session.quantilesEverySeconds;
    const dueThrough = throughSecond - session.quantilesDelaySeconds;
    const timesThrough = this.delivering > 0 || this.isStopped ? Infinity : dueThrough;
    if (session.welcomed) outbox.flush(this.epoch, throughSecond, timesThrough);
    else outbox.compact(timesThrough);
  }

  /** The newest second that every lane has handed over, unless one is late; -1 for none. */
  private get throughSecond(): number {
    const { startAtMs } = this;
    if (startAtMs === undefined) return -1;
    return Math.floor((monotonicMs() - startAtMs - LANE_LAG_MS) / 1_000) - 1;
  }

  private outcomeOf(phase: RunPhase['phase'], setupResult: unknown): Promise<PhaseOutcome> {
    return this.lanes.runPhase(phase, setupResult).then(
      (result) => {
        const why = findPayloadProblem(result);
        return why === undefined
          ? { result }
          : { problem: `the value that ${phase} returns cannot be sent to the lanes: ${why}.` };
      },
      (error: unknown) => ({ problem: messageOf(error) }),
    );
  }

  /** @returns the problem as text, if there was one */
  private async load(artifacts: ArtifactFetcher): Promise<string | undefined> {
    const { bundle, plan, secrets = {} } = this.order;
    try {
      const code = await artifacts.fetchBundle(this.id, bundle);
      for (const table of plan.tables ?? []) {
        for (const artifact of artifactsOf([table])) await artifacts.fetchFile(this.id, artifact, table.name);
      }
      await this.lanes.load({ code, plan, secrets });
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }
}
