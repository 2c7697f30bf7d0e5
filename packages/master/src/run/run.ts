import { basename } from 'node:path';
import { randomUUID } from 'node:crypto';
import {
  DrumlineError,
  RUN_STATES,
  StateMachine,
  type Plan,
  type RunEvent,
  type RunState,
} from '@drumline/model';
import type { ScenarioBundle, ScenarioHost } from '@drumline/scenario/project';
import type { MasterLink, RunEventView, RunResult } from '@drumline/wire';
import { RunTimers } from './run-timers.js';
import { Aggregate } from './aggregate.js';
import { StoreWriter } from '../store/store-writer.js';
import { masterNowMs } from '../clock.js';
import { Cluster } from '../cluster/cluster.js';
import type { Dispatch } from '../cluster/dispatch.js';
import { conclude } from './conclusion.js';
import { leftToNextMaster, storeLost, type Ending } from './ending.js';
import { isGathered, workersNeverCame } from './gathering.js';
import { plannedEndMs } from './exposure.js';
import { howFar } from './progress.js';
import { HookRunner } from './hooks.js';
import { Incidents } from './incidents.js';
import { Losses } from './losses.js';
import { Membership } from './membership.js';
import { NoteCollector } from './note-collector.js';
import type { MasterOptions, Log } from '../options.js';
import { Refusals } from '../cluster/refusals.js';
import { RunClock } from './run-clock.js';
import { setUp, tearDown } from './setup.js';
import { RunRecord } from '../store/run-record.js';
import type { RunStore, StartedState, StoredRun } from '../store/run-store.js';
import { UnreachableUsers } from './unreachable-users.js';
import { usersOf } from './views.js';
import { Warnings } from './warnings.js';
import { Watch } from './watch.js';

/**
 * From the order to start to the common start instant: time for the order to reach every worker.
 */
const START_LEAD_MS = 150;
/** Time after the stop timeout for workers to report and for lanes that must be killed. */
const DRAIN_GRACE_MS = 15_000;

/**
 * One execution of a plan. Gathers workers, starts, follows and stops them, and makes the result.
 */
export class Run {
  readonly aggregate = new Aggregate();
  readonly notes: NoteCollector;
  readonly losses = new Losses();
  readonly unreachable = new UnreachableUsers();
  readonly refusals: Refusals;
  readonly warnings: Warnings;
  readonly cluster: Cluster;
  readonly machine: StateMachine<RunState, RunEvent>;
  /** The result. Rejects with a DrumlineError if there was no run to report. */
  readonly finished: Promise<RunResult>;
  /** Called when the reports of a second of the run have arrived. */
  onSecond: (second: number) => void = () => {};
  plan: Plan | undefined;
  bundle: ScenarioBundle | undefined;
  dispatch: Dispatch | undefined;
  clock: RunClock | undefined;
  /** The value that `setup` returned. */
  setupResult: unknown;
  /** Why the run is ending, once it is. */
  ending: Ending | undefined;
  result: RunResult | undefined;
  /** Whether another master resumes it. */
  handedOver = false;
  /** The URL of the control API, once it listens. */
  apiUrl: string | undefined;
  readonly writer: StoreWriter;
  private readonly listeners = new Set<(event: RunEventView) => void>();
  private readonly hooks: HookRunner;
  private readonly membership: Membership;
  private settle!: { resolve: (result: RunResult) => void; reject: (error: Error) => void };
  private timers: RunTimers | undefined;
  private gatherTimer: NodeJS.Timeout | undefined;
  readonly watch: Watch;

  constructor(
    readonly options: MasterOptions,
    readonly link: MasterLink,
    host: Pick<ScenarioHost, 'runHook'>,
    private readonly log: Log,
    readonly id: string = randomUUID(),
  ) {
    this.finished = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    this.finished.catch(() => {});
    this.notes = new NoteCollector((note) => this.emit({ type: 'note', ...note }));
    this.refusals = new Refusals(log, this.notes);
    this.watch = new Watch(this, log);
    this.writer = new StoreWriter((why) => this.loseStore(why));
    this.hooks = new HookRunner(host, this.notes, () => ({ id: this.id, scenario: this.scenarioName }));
    this.machine = new StateMachine<RunState, RunEvent>(RUN_STATES, 'created', (state) =>
      this.emit({ type: 'state', state, at: new Date().toISOString() }),
    );
    const { heartbeatMs, missingAfterMs } = options;
    const incidents = new Incidents(this, (event) => this.emit(event));
    this.membership = new Membership(this, this.hooks, incidents, log);
    this.cluster = new Cluster(link, this.membership, { runId: id, heartbeatMs, missingAfterMs });
    this.warnings = new Warnings(this.notes, this.refusals.limited, this.cluster.registry);
  }

  get scenarioName(): string {
    return this.plan?.name ?? basename(this.options.scenario);
  }

  /** Sets the plan and waits for the workers. */
  open(bundle: ScenarioBundle, plan: Plan): void {
    this.plan = plan;
    this.bundle = bundle;
    this.hooks.listenTo(plan.masterHooks);
    this.aggregate.limit(plan.maxSeries);
    if (!this.machine.send('open')) return;
    this.dispatch = this.cluster.prepare(this.id, bundle, plan);
    const { expectWorkersMaxWaitMs } = this.options;
    const giveUp = (): void => this.fail(workersNeverCame(this));
    if (expectWorkersMaxWaitMs !== null) this.gatherTimer = setTimeout(giveUp, expectWorkersMaxWaitMs);
    this.startIfGathered();
  }

  /**
   * Stores the run from now on. Must be called after the plan is known. @param make creates the
   * store
   */
  keepIn(make: (run: StoredRun) => Promise<RunStore>): void {
    const record = new RunRecord(this);
    this.writer.open(record, make(record.whole()));
  }

  /**
   * Resumes a run. Its epoch is higher than any that the previous master can have used.
   * @param idleMs since that master last wrote; needed after a reboot
   */
  resume(state: StartedState, store: RunStore, idleMs = 0): void {
    const { run } = state;
    const record = new RunRecord(this);
    this.plan = run.plan;
    this.bundle = run.bundle;
    this.setupResult = run.setupResult;
    this.hooks.listenTo(run.plan.masterHooks);
    this.notes.restore(run.notes);
    this.losses.restore(run.losses);
    this.aggregate.restore(state);
    const knownSeconds = this.aggregate.users.length;
    this.clock = RunClock.restore(run.clock, knownSeconds * 1_000, idleMs);
    this.dispatch = this.cluster.resume(state, this.clock.startAtMs);
    this.clock.overAt(run.state === 'draining' ? knownSeconds * 1_000 : plannedEndMs(this));
    this.machine.send('resume');
    this.followClock(this.watch.bridgeGap(knownSeconds));
    this.writer.open(record, Promise.resolve(store));
    if (run.state === 'draining') this.stop(run.ending ?? 'planned');
  }

  /** Continues if all expected workers are ready. */
  startIfGathered(): void {
    const gathered = this.machine.can('gathered') && isGathered(this);
    if (gathered instanceof DrumlineError) return this.fail(gathered);
    if (!gathered || !this.machine.send('gathered')) return;
    clearTimeout(this.gatherTimer);
    void this.prepare().catch((error: Error) => this.fail(error));
  }

  start(): void {
    if (!this.machine.send('start'))
      throw new DrumlineError('request-invalid', `A run that is ${this.machine.state} cannot be started.`);
    const startAtMs = masterNowMs() + START_LEAD_MS;
    this.clock = new RunClock(startAtMs, new Date(Date.now() + START_LEAD_MS));
    this.cluster.start(startAtMs, this.setupResult, () => this.writer.saved());
    this.followClock(0);
    this.warnings.addLimits(this.plan!, this.dispatch!.load);
  }

  /** Ends the run gracefully: everything that was requested is counted. */
  stop(ending: Ending, message?: string): void {
    const { state } = this.machine;
    if (state === 'draining' || state === 'finished') return;
    this.ending = ending;
    if (this.clock !== undefined && message !== undefined) this.notes.add('stopped-early', message);
    if (this.clock === undefined) {
      return this.fail(
        new DrumlineError(
          ending === 'interrupted' ? 'interrupted' : 'stopped-early',
          'The run was stopped before it started. There is nothing to report.',
        ),
      );
    }
    this.machine.send('stop');
    this.timers?.cancelEnd();
    void this.drain().catch((error: Error) => this.fail(error));
  }

  /** Ends the run immediately with what has been counted so far. */
  abort(): void {
    if (this.clock === undefined) return this.stop('interrupted');
    this.ending = 'interrupted';
    this.notes.add(
      'stopped-early',
      'The run was aborted. Results that workers had not reported by then are not counted.',
    );
    this.machine.send('abort');
    this.conclude();
  }

  /**
   * Leaves the run to another master. Its workers stay, and its file remains unfinished.
   * @returns false if there is no file to resume it from
   */
  handOver(): boolean {
    if (!this.writer.isKeeping) return false;
    this.handedOver = true;
    this.close();
    this.settle.reject(leftToNextMaster(this.id));
    return true;
  }

  fail(error: Error): void {
    if (!this.machine.send('fail')) this.machine.send('abort');
    this.close();
    this.settle.reject(error);
  }

  /** Sends the assignments again after the load or its clock has changed. */
  applyLoad(): void {
    const { clock, dispatch } = this;
    dispatch!.pausedAtMs = clock!.pausedAtMs;
    dispatch!.pausedMs = clock!.pausedMs;
    this.cluster.placeUsers();
    this.timers!.planEnd(dispatch!.load);
  }

  get users(): number {
    return this.cluster.registry.workers.reduce((sum, worker) => sum + usersOf(worker), 0);
  }

  /** How much of the plan has run, for display. */
  get howFar(): string {
    return howFar(this.clock?.runMs ?? 0, this.dispatch?.load ?? this.plan!.load);
  }

  emit(event: RunEventView): void {
    for (const listener of this.listeners) listener(event);
    // Another master must know everything that was shown.
    void this.writer.saved();
  }

  subscribe(listener: (event: RunEventView) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async prepare(): Promise<void> {
    if (this.plan!.hasSetup) this.setupResult = await setUp(this.cluster);
    await this.hooks.run('runStart');
    if (this.machine.send('prepared') && this.options.autostart) this.start();
  }

  private async drain(): Promise<void> {
    const { stopTimeoutMs } = this.plan!;
    // Commit first: another master must know that these workers are drained.
    await this.writer.saved();
    await this.cluster.drain(stopTimeoutMs, stopTimeoutMs + DRAIN_GRACE_MS);
    for (const worker of this.cluster.registry.inState('draining')) this.membership.neverDrained(worker);
    this.clock!.end(this.aggregate.countedMs);
    if (this.plan!.hasTeardown) {
      const { cluster, dispatch, setupResult } = this;
      const problem = await tearDown(cluster, (worker) => dispatch!.has(worker), setupResult);
      if (problem !== undefined) this.notes.add('teardown-failed', problem);
    }
    await this.hooks.run('runStop');
    this.machine.send('drained');
    this.conclude();
  }

  private conclude(): void {
    this.close();
    this.watch.watchSeries();
    const result = conclude(this, this.ending ?? 'planned');
    this.result = result;
    const { exitCode, exit, verdict, reasons = [] } = result;
    this.emit({ type: 'end', exitCode, exit, verdict, reasons });
    this.settle.resolve(result);
  }

  private followClock(fromSecond: number): void {
    this.timers = new RunTimers(
      this.clock!,
      (second) => this.watch.closeSecond(second),
      () => this.stop(this.cluster.registry.haveAllLeft ? 'workers-left' : 'planned'),
      fromSecond,
    );
    this.timers.planEnd(this.dispatch!.load);
  }

  private loseStore(why: string): void {
    const message = storeLost(why, this.clock?.elapsedMs);
    this.notes.add('store-failed', message, 'store-failed');
    this.log(message);
  }

  /** Stops all timers. May be called again. */
  close(): void {
    this.refusals.close();
    this.timers?.close();
    clearTimeout(this.gatherTimer);
  }
}
