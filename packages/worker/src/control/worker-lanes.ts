import { DrumlineError, groupsOfLanes, Redactor, type Millis, type Secrets } from '@drumline/model';
import {
  VERSION,
  type Assignment,
  type Heartbeat,
  type LaneHealth,
  type LaneNumber,
  type RunPlan,
} from '@drumline/wire';
import type { LaneNews, LaneStart } from '../lane-protocol.js';
import type { WorkerOptions } from '../options.js';
import { requireRoomFor } from '../capacity.js';
import { monotonicMs } from '@drumline/wire/monotonic';
import { CrashCounter } from './crash-counter.js';
import { LaneAnswers } from './lane-answers.js';
import { crashOf, LaneGrants, type Release } from './lane-grants.js';
import { LaneProcess, type LaneEvents } from './lane-process.js';
import type { WorkerMachine } from './machine.js';
import { shareOfSamples } from './sample-share.js';
import { recoveredLane, stalledLane } from './stall-incidents.js';
import type { WorkerLanesEvents } from './worker-lanes-events.js';

/** The scenario as a lane needs it. */
interface Loaded {
  readonly code: string;
  readonly plan: RunPlan;
  readonly secrets: Secrets;
}

const RESTART_DELAY_MS = 200;
/** Time after the stop timeout for `onStop` and for the last counts of a lane. */
const DRAIN_GRACE_MS = 8_000;

/** The lanes of a worker. Loads and restarts them, and assigns their users. */
export class WorkerLanes {
  private readonly lanes: LaneProcess[] = [];
  private readonly crashes = new CrashCounter();
  private readonly grants = new LaneGrants();
  private readonly answers = new LaneAnswers();
  /** The lane group of each lane, by its number. Known once the plan is. */
  private groups: readonly string[] = [];
  private loaded: Loaded | undefined;
  private redactor: Redactor | undefined;
  private assignment: Assignment | undefined;
  private started: LaneStart | undefined;
  private numbers: readonly LaneNumber[] = [];
  private drainOrder: { stopTimeoutMs: Millis } | undefined;
  private ended = false;
  /** Whether users were stopped because the master was silent, and wait for a new assignment. */
  held = false;

  constructor(
    private readonly options: Pick<WorkerOptions, 'name' | 'lanes' | 'laneHeapMb' | 'samples'>,
    private readonly machine: Pick<WorkerMachine, 'forkLane' | 'writeBundle'>,
    private readonly events: WorkerLanesEvents,
    /** Resolves when the lanes of the previous run have ended. No user code runs before. */
    private readonly predecessorsGone: Promise<unknown> = Promise.resolve(),
  ) {
    this.resize(options.lanes);
  }

  /** Whether users were assigned and started, and have not been held since. */
  get mayRunUsers(): boolean {
    return this.started !== undefined && this.assignment !== undefined;
  }

  /** The ids of the processes that have not ended. */
  get pids(): number[] {
    return this.lanes.flatMap(({ pid }) => pid ?? []);
  }

  /** The health of the lanes since the last call. */
  takeHealth(): LaneHealth[] {
    return this.lanes.map((lane) => lane.takeHealth());
  }

  /** How far the lanes are with open and fixed parts, and what they have released. */
  get progress(): Pick<Heartbeat, 'positions' | 'released'> {
    const positions = this.lanes.flatMap(({ number, vitals }) =>
      (vitals.positions ?? []).map((position) => ({ lane: number, ...position })),
    );
    const { releases: released } = this.grants;
    return { ...(positions.length > 0 && { positions }), ...(released.length > 0 && { released }) };
  }

  /** Loads the bundle into all lanes of the lane groups. @throws Error with the first problem */
  async load(loaded: Loaded): Promise<void> {
    await this.predecessorsGone;
    // The run was dropped before its bundle arrived.
    if (this.ended) throw new Error('the lanes have been ended');
    const { plan, secrets } = loaded;
    this.loaded = loaded;
    this.redactor = Redactor.of(secrets);
    for (const lane of this.lanes) lane.redact(this.redactor);
    this.groups = groupsOfLanes(plan.laneGroups, this.options.lanes);
    if (this.groups.length > this.options.lanes) requireRoomFor(this.groups.length);
    this.resize(this.groups.length);
    await this.withBundle((path) => Promise.all(this.lanes.map((lane) => this.loadLane(lane, path))));
  }

  assign(assignment: Assignment): void {
    this.assignment = assignment;
    this.grants.assign(assignment);
    this.held = false;
    for (const lane of this.lanes) this.assignLane(lane);
  }

  /** @param numbers of the lanes within the run; later numbers are ignored */
  start(start: LaneStart, numbers: readonly LaneNumber[] = []): void {
    if (this.numbers.length === 0) this.numbers = numbers;
    this.started = start;
    for (const lane of this.lanes) this.startLane(lane);
  }

  /** Passes on a better estimate of the start time. */
  adjustClock(startAtMs: Millis): void {
    if (!this.started) return;
    this.started = { ...this.started, startAtMs };
    for (const lane of this.lanes)
      lane.send({ type: 'clock', startAtMs, leaseUntilMs: this.events.leaseUntilMs() });
  }

  /** The lease has expired. Lanes that have not noticed must not go on when it is renewed. */
  lapse(): void {
    if (this.assignment) this.hold();
    for (const lane of this.lanes) lane.send({ type: 'hold' });
  }

  /** Runs a phase in the first loaded lane. @throws Error with the user's stack as its message */
  async runPhase(phase: 'setup' | 'teardown', setupResult: unknown): Promise<unknown> {
    const lane = this.lanes.find(({ isLoaded }) => isLoaded);
    if (!lane) throw new Error('no lane has loaded the scenario');
    const answer = this.answers.of(lane, 'phaseDone');
    lane.send({ type: 'phase', phase, setupResult });
    const news = await answer;
    if (news.type !== 'phaseDone') throw new Error(`lane ${lane.number} crashed during ${phase}`);
    if (news.problem !== undefined) throw new Error(news.problem);
    return news.result;
  }

  /** Stops all users, and kills lanes that are too late. @returns the killed lanes */
  async drain(stopTimeoutMs: Millis, isLeaving = false, stalledGraceMs = DRAIN_GRACE_MS): Promise<number[]> {
    this.drainOrder = { stopTimeoutMs };
    this.grants.isLeaving = isLeaving;
    for (const lane of this.lanes) if (isLeaving || !lane.isLoaded) this.assignLane(lane);
    const killed: number[] = [];
    await Promise.all(
      this.lanes.map(async (lane) => {
        if (lane.machine.state === 'crashed') await lane.exited;
        if (!lane.machine.send('drain')) return;
        const answer = this.answers.of(lane, 'drained');
        lane.send({ type: 'drain', stopTimeoutMs });
        let timer: NodeJS.Timeout | undefined;
        const limitMs = stopTimeoutMs + (lane.stalledMs > 0 ? stalledGraceMs : DRAIN_GRACE_MS);
        const tooLate = new Promise<'late'>(
          (resolve) => (timer = setTimeout(() => resolve('late'), limitMs)),
        );
        const outcome = await Promise.race([answer, tooLate]);
        clearTimeout(timer);
        if (outcome === 'late') {
          killed.push(lane.number);
          await lane.end(0);
        } else lane.machine.send('drained');
      }),
    );
    return killed;
  }

  async end(): Promise<void> {
    this.ended = true;
    await Promise.all([this.predecessorsGone, ...this.lanes.map((lane) => lane.end())]);
  }

  private resize(count: number): void {
    for (const lane of this.lanes.splice(count)) void lane.end();
    while (this.lanes.length < count) this.lanes.push(this.boot(this.lanes.length));
  }

  private boot(number: number): LaneProcess {
    const events: LaneEvents = {
      news: (lane, news) => this.receive(lane, news),
      crashed: (lane, reason, stack, countsComplete) =>
        this.recover(lane, reason, stack, countsComplete && !this.answers.isExpected(lane, 'phaseDone')),
      stalled: ({ number: at }, stalledMs, cause, stack) =>
        this.events.incident(stalledLane(at, stalledMs, cause, stack)),
      recovered: ({ number: at }, stalledMs, cause, stack) =>
        this.events.incident(recoveredLane(at, stalledMs, cause, stack)),
      printed: (lane, line) => this.events.printed(lane.number, line),
    };
    const lane = new LaneProcess(number, this.machine.forkLane(this.options.laneHeapMb), events);
    lane.redact(this.redactor);
    return lane;
  }

  private receive(lane: LaneProcess, news: LaneNews): void {
    if (news.type === 'deltas') this.events.deltas(news.deltas);
    if (news.type === 'shared') this.events.shared(lane, news);
    if (news.type === 'findings') this.events.findings(news.findings);
    if (news.type === 'stopRun') {
      const { user, task, reason } = news;
      this.events.stopRun({ lane: lane.number, user, task, reason });
    }
    if (news.type === 'held') this.hold();
    if (news.type === 'released') this.release(this.grants.answered(lane.number, news.releases));
    if (news.type === 'partDone') this.events.partDone();
    this.answers.take(lane, news);
  }

  /** Stops assigning users, so that restarted lanes get none either. */
  private hold(): void {
    if (this.held) return;
    this.held = true;
    this.assignment = undefined;
    this.events.held();
  }

  /** Writes the bundle to a file only while lanes import it, so that little can be left behind. */
  private async withBundle(load: (path: string) => Promise<unknown>): Promise<void> {
    const file = this.machine.writeBundle(this.loaded!.code);
    try {
      await load(file.path);
    } finally {
      file.remove();
    }
  }

  private async loadLane(lane: LaneProcess, bundle: string): Promise<void> {
    const { plan, secrets } = this.loaded!;
    const { number } = lane;
    const answer = this.answers.of(lane, 'loaded');
    const samples = shareOfSamples(this.options.samples, this.lanes.length);
    const about = { worker: this.options.name, lane: number, group: this.groups[number]!, samples };
    lane.send({ type: 'load', bundle, plan, secrets, version: VERSION, ...about });
    const news = await answer;
    if (news.type !== 'loaded') throw new Error(`lane ${number} ended while loading the scenario`);
    if (news.problem !== undefined) throw new Error(news.problem);
    lane.machine.send('load');
    // It was restarted during the drain, and only serves `teardown`.
    if (this.drainOrder) return;
    this.assignLane(lane);
    this.startLane(lane);
  }

  private assignLane(lane: LaneProcess): void {
    if (!this.assignment) return;
    if (!lane.isLoaded) return this.release(this.grants.unserved(lane.number, this.drainOrder !== undefined));
    const leaseUntilMs = this.events.leaseUntilMs();
    if (!this.drainOrder && monotonicMs() >= leaseUntilMs) return this.hold();
    const { epoch, load, pausedAtMs, pausedMs } = this.assignment;
    const shares = this.grants.sharesFor(lane.number);
    lane.send({ type: 'assign', epoch, load, pausedAtMs, pausedMs, shares, leaseUntilMs });
  }

  private release(releases: Release[]): void {
    if (releases.length > 0) this.events.released(releases);
  }

  private startLane(lane: LaneProcess): void {
    if (!this.started || !lane.machine.send('run')) return;
    const number = this.numbers[lane.number];
    lane.send({ type: 'start', ...this.started, number, leaseUntilMs: this.events.leaseUntilMs() });
  }

  private recover(
    lane: LaneProcess,
    reason: string,
    stack: string | undefined,
    countsComplete: boolean,
  ): void {
    if (this.ended) return;
    const { number, uncountedMs } = lane;
    const { recent, tooMany } = this.crashes.count(number, monotonicMs());
    // An idle worker keeps trying, so that it has all lanes in the next run.
    const gaveUp = (tooMany && this.loaded !== undefined) || this.drainOrder !== undefined;
    const crash = crashOf(lane, this.started?.startAtMs, countsComplete);
    const reachedMs = this.grants.reachedMs(crash);
    const lost = { countsComplete, uncountedMs, reachedMs, users: lane.vitals.users };
    this.events.incident({ lane: number, kind: 'crashed', reason, stack, ...lost });
    // Others go on with what it had.
    this.release(this.grants.crashed(crash));
    if (gaveUp) {
      if (!this.drainOrder) {
        const times = `it crashed ${recent} times within a minute and will not be restarted`;
        this.events.incident({ lane: number, kind: 'gaveUp', reason: times });
      }
      return;
    }
    setTimeout(() => void this.restart(number), RESTART_DELAY_MS * recent);
  }

  private async restart(number: number): Promise<void> {
    if (this.ended || this.drainOrder || number >= this.lanes.length) return;
    try {
      const lane = this.boot(number);
      this.lanes[number] = lane;
      if (!this.loaded) return;
      await this.withBundle((path) => this.loadLane(lane, path));
      this.events.incident({ lane: number, kind: 'ready', reason: 'it was restarted' });
    } catch (error) {
      // A crash is reported as a separate incident.
      if (error instanceof DrumlineError)
        this.events.incident({ lane: number, kind: 'gaveUp', reason: error.message });
    }
  }
}
