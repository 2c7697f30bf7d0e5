import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import {
  DrumlineError,
  RUN_STATES,
  StateMachine,
  type Ending,
  type Plan,
  type RunEvent,
  type RunState,
} from '@drumline/model';
import type { ScenarioBundle, ScenarioHost } from '@drumline/scenario/project';
import type { RunResult } from '@drumline/wire';
import { monotonicMs } from '@drumline/wire/monotonic';
import { Allocation } from '../allocation/allocation.js';
import type { ParticipantList } from '../allocation/participant-list.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Log } from '../cluster/log.js';
import { RateLimitedLog } from '../cluster/rate-limited-log.js';
import type { RefusalsOfRun } from '../cluster/refusals.js';
import type { Aggregate } from '../intervals/aggregate.js';
import type { Intervals } from '../intervals/intervals.js';
import type { RunOptions } from '../options.js';
import type { RunStore, StartedState, StoredRun } from '../store/run-store.js';
import type { StoreWriter } from '../store/store-writer.js';
import { Annotations } from './annotations.js';
import { conclude } from './conclusion.js';
import { createIntervals } from './create-intervals.js';
import { drain } from './drain.js';
import { leftToNextMaster, stoppedBeforeStart } from './ending.js';
import { EventBus } from './event-bus.js';
import { Gathering } from './gathering.js';
import { HookRunner } from './hooks.js';
import { Losses } from './losses.js';
import { NoteCollector } from './note-collector.js';
import { Outcome } from './outcome.js';
import { restoreRun } from './restore.js';
import { RunClock } from './run-clock.js';
import type { RunEnds, RunProgress } from './run-events.js';
import { RunKeeper } from './run-keeper.js';
import { setUp } from './setup.js';
import { SharedValues } from './shared-values.js';
import { OutputFeed } from './output-feed.js';
import { resumedOutputs } from './resumed-outputs.js';
import type { ResumedOutputs } from './run-outputs.js';
import { planRun, type PlannedRun, type StartedRun } from './started-run.js';
import { UnreachableUsers } from './unreachable-users.js';
import { Warnings } from './warnings.js';
import type { Watch } from './watch.js';
import { followLoad } from './follow-load.js';
import { followWorkers } from './follow-workers.js';
import type { WorkerEvents } from './worker-events.js';

/** Time for the order to start to reach every worker before the common start instant. */
const START_LEAD_MS = 150;

/** One execution of a plan: gathers workers, starts, follows and stops them, makes the result. */
export class Run implements RunProgress, RunEnds {
  readonly intervals: Intervals;
  readonly notes: NoteCollector;
  readonly annotations = new Annotations();
  readonly losses = new Losses();
  readonly unreachable = new UnreachableUsers();
  readonly warnings: Warnings;
  readonly machine: StateMachine<RunState, RunEvent>;
  readonly outcome = new Outcome();
  readonly shared = new SharedValues(this);
  readonly outputs = new OutputFeed(this);
  /** Once the plan is known. */
  planned: PlannedRun | undefined;
  /** Once the run has started. */
  started: StartedRun | undefined;
  /** The value that `setup` returned. */
  setupResult: unknown;
  /** Why the run is ending, once it is. */
  ending: Ending | undefined;
  /** Whether another master resumes it. */
  handedOver = false;
  /** The URL of the control API, once it listens. */
  apiUrl: string | undefined;
  /** Another master must know everything that was shown, so it is saved. */
  readonly events = new EventBus(() => void this.writer.saved());
  private readonly keeper: RunKeeper;
  private readonly hooks: HookRunner;
  private readonly limited: RateLimitedLog;
  readonly allocation: Allocation;
  readonly workerEvents: WorkerEvents;
  watch: Watch | undefined;
  /** What was refused during the run. */
  readonly refused: RefusalsOfRun;
  readonly gathering: Gathering;

  constructor(
    readonly options: RunOptions,
    readonly cluster: Cluster,
    private readonly host: Pick<ScenarioHost, 'runHook' | 'askShape'>,
    private readonly log: Log,
    readonly id: string = randomUUID(),
  ) {
    this.notes = new NoteCollector((note) => this.events.emit({ type: 'note', ...note }));
    this.refused = cluster.refusals.fromNow(id);
    this.limited = new RateLimitedLog(log);
    this.keeper = new RunKeeper(this, log);
    this.hooks = new HookRunner(host, this.notes, () => ({ id: this.id, scenario: this.scenarioName }));
    this.machine = new StateMachine(RUN_STATES, 'created', (state) => this.events.emitState(state));
    this.intervals = createIntervals(this);
    this.workerEvents = followWorkers({
      run: this,
      options,
      log,
      limited: this.limited,
      refusals: cluster.refusals,
      hooks: this.hooks,
      emit: (event) => this.events.emit(event),
      workers: () => this.participants.all,
    });
    this.allocation = new Allocation(id, cluster, this.workerEvents);
    this.gathering = new Gathering({
      expectWorkers: options.expectWorkers,
      maxWaitMs: options.expectWorkersMaxWaitMs,
      address: cluster.address,
      participants: this.participants,
      ready: () => this.gathered(),
      fail: (error) => this.fail(error),
    });
    this.warnings = new Warnings(this.notes, this.limited, this.participants);
  }

  get writer(): StoreWriter {
    return this.keeper.writer;
  }

  get scenarioName(): string {
    return this.planned?.plan.name ?? this.options.scenarioName ?? basename(this.options.scenario);
  }

  /** All workers of the run. */
  get participants(): ParticipantList {
    return this.allocation.participants;
  }

  get aggregate(): Aggregate {
    return this.intervals.aggregate;
  }

  get isRunning(): boolean {
    return this.machine.state === 'running';
  }

  /** Takes workers of the cluster, even before the plan is known. */
  takeWorkers(): void {
    this.allocation.open(this.options.workers ?? 'all');
  }

  /**
   * Sets the plan and waits for the workers.
   * @returns false if the run has ended meanwhile
   */
  open(bundle: ScenarioBundle, plan: Plan): boolean {
    this.hooks.listenTo(plan.masterHooks);
    this.intervals.limit(plan.maxSeries);
    if (!this.machine.send('open')) return false;
    this.takeWorkers();
    this.planned = planRun(bundle, plan, this.allocation.prepare(bundle, plan), this.aggregate);
    this.gathering.begin(this.planned);
    return true;
  }

  /** Stores the run from now on, once the plan is known. @param make creates the store */
  keepIn(make: (run: StoredRun) => Promise<RunStore>): void {
    if (this.planned) this.keeper.begin(this.planned, make);
  }

  /**
   * Resumes a run. Its epoch is higher than any that the previous master can have used.
   * @param idleMs since that master last wrote; needed after a reboot
   */
  resume(state: StartedState, store: RunStore, idleMs = 0): void {
    const { plan, setupResult } = state.run;
    this.setupResult = setupResult;
    this.hooks.listenTo(plan.masterHooks);
    this.takeWorkers();
    const { planned, clock, knownSeconds } = restoreRun(state, idleMs, this);
    this.planned = planned;
    this.machine.send('resume');
    const keep = this.keeper.continue(planned, store);
    this.follow(planned, clock, knownSeconds, resumedOutputs(state)).noteGap(knownSeconds);
    keep();
    this.workerEvents.resumed(this.started!);
    if (state.run.state === 'draining') this.stop(state.run.ending ?? 'planned');
  }

  start(): void {
    const { planned, setupResult } = this;
    if (!planned || !this.machine.send('start'))
      throw new DrumlineError('request-invalid', `A run that is ${this.machine.state} cannot be started.`);
    const startAtMs = monotonicMs() + START_LEAD_MS;
    const clock = new RunClock(startAtMs, new Date(Date.now() + START_LEAD_MS));
    this.follow(planned, clock, 0);
    planned.allocation.start({ startAtMs, setupResult }, () => this.writer.saved());
  }

  /** Ends the run gracefully: everything that was requested is counted. */
  stop(ending: Ending, message?: string): void {
    const { state } = this.machine;
    if (state === 'draining' || state === 'finished') return;
    this.ending = ending;
    const { started } = this;
    if (!started) {
      this.machine.send('stop');
      return this.fail(stoppedBeforeStart(ending));
    }
    if (message !== undefined) this.notes.add('stopped-early', message);
    this.machine.send('stop');
    started.endLoad();
    void this.drain(started).catch((error: Error) => this.fail(error));
  }

  /** Ends the run immediately with what has been counted so far. */
  abort(): void {
    if (!this.started) return this.stop('interrupted');
    this.ending = 'interrupted';
    this.notes.add(
      'stopped-early',
      'The run was aborted. Results that workers had not reported by then are not counted.',
    );
    this.machine.send('abort');
    this.conclude(this.started);
  }

  /**
   * Leaves the run to another master. Its workers stay, and its file remains unfinished.
   * @returns false if there is no file to resume it from
   */
  handOver(): boolean {
    if (!this.writer.isKeeping) return false;
    this.handedOver = true;
    this.close();
    this.outcome.fail(leftToNextMaster(this.id));
    return true;
  }

  fail(error: Error): void {
    if (!this.machine.send('fail')) this.machine.send('abort');
    this.close();
    if (this.outcome.fail(error)) this.events.emitFailure(error);
  }

  /** Stops all timers. May be called again. */
  close(): void {
    const { sentence } = this.refused;
    if (sentence !== undefined) this.notes.add('refused', sentence, 'refused');
    this.limited.close();
    this.started?.cancelEnd();
    this.gathering.close();
    this.shared.close();
  }

  /** Returns the workers to the cluster. They may take part in another run. */
  release(): void {
    this.close();
    this.refused.end();
    this.allocation.close();
  }

  private gathered(): void {
    const { planned } = this;
    if (planned && this.machine.send('gathered'))
      void this.outputs.openFor(() => this.prepare(planned)).catch((error: Error) => this.fail(error));
  }

  private async prepare({ plan, allocation }: PlannedRun): Promise<void> {
    this.warnings.requireLimits(plan, allocation.dispatch.load, this.options.force);
    if (plan.hasSetup) this.setupResult = await setUp(allocation);
    await this.hooks.run('runStart');
    if (this.handedOver) return;
    if (this.machine.send('prepared') && this.options.autostart) this.start();
  }

  private async drain(started: StartedRun): Promise<void> {
    await drain(started, this);
    const resultOf = (): RunResult => conclude(this, started, 'finished');
    await this.hooks.end(resultOf);
    const sent = await this.outputs.end(resultOf);
    this.conclude(started, this.machine.send('drained') ? sent : undefined);
  }

  /** @param sent the result that outputs have got */
  private conclude(started: StartedRun, sent?: RunResult): void {
    this.close();
    const result = sent ?? conclude(this, started, this.machine.state);
    this.outcome.result = result;
    const { exitCode, exit, verdict, reasons = [] } = result;
    this.events.emit({ type: 'end', exitCode, exit, verdict, reasons });
    this.outcome.finish();
  }

  /** Follows the load of a run from this second on. */
  private follow(planned: PlannedRun, clock: RunClock, fromSecond: number, left?: ResumedOutputs): Watch {
    const { intervals, notes, unreachable, log, options, cluster, participants } = this;
    const { started, watch } = followLoad(planned, clock, fromSecond, {
      run: this,
      intervals,
      notes,
      unreachable,
      participants,
      registry: cluster.registry,
      log,
      emit: (event) => this.events.emit(event),
      address: cluster.address,
      keepGoing: options.keepGoing === true,
      host: this.host,
    });
    this.hooks.follow(started, this);
    this.outputs.begin(clock, fromSecond, this.log, left);
    this.started = started;
    this.watch = watch;
    return watch;
  }
}
