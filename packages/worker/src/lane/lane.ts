import type { GrpcClient } from '@drumline/drivers/grpc';
import type { HttpSettings } from '@drumline/drivers';
import { clip, type Millis } from '@drumline/model';
import type { BaseContext, Scenario, ScenarioSpec } from '@drumline/scenario';
import {
  hasMetrics,
  installInputs,
  installRuntime,
  installShared,
  loadBundle,
  openDueTimes,
  provideSetupResult,
  selectTasks,
  startFailurePolicy,
  taskFailurePolicy,
  watchForUnset,
} from '@drumline/scenario/runtime';
import { Recorder } from '@drumline/stats';
import type { LaneNumber } from '@drumline/wire';
import type { LaneAssignment, LaneNews, LanePosition, LaneStart, LoadBundleOrder } from '../lane-protocol.js';
import { Findings } from '../findings.js';
import { monotonicMs } from '@drumline/wire/monotonic';
import { LaneContext, type ContextSink } from './context.js';
import { openDrivers } from './drivers.js';
import { LaneGrpc } from './grpc.js';
import { usersAreAlike } from './grpc-callers.js';
import { LatestStart } from './latest-start.js';
import { MeasureWatch } from './measure-watch.js';
import { Lease } from './lease.js';
import { LaneHooks } from './lane-hooks.js';
import { LaneLoad } from './load/lane-load.js';
import { metricSink } from './metric-sink.js';
import type { LaneObserver } from './observer.js';
import { PartUsers, type PartLane } from './part-users.js';
import { kindOfThrown } from './thrown-kind.js';
import { sampleFileOf, sampleSinks, type SampleSinks } from './sample-sink.js';
import { LeasedRows } from './shared/leased-rows.js';
import type { SharedClient } from './shared/lane-shared.js';
import type { SampleFile } from '../samples/sample-file.js';
import { laneTiming as timing } from './timing.js';
import { ThrownStacks } from './thrown-stacks.js';
import type { UserSession } from './user-session.js';
import type { Drivers } from './user-clients.js';
import { ClosedNumbers } from './closed-numbers.js';
import { RunningPhase } from './running-phase.js';
import { rowsOf } from './user-rows.js';
import type { LoadedType } from './user-host.js';

/** A loaded scenario that makes load: users, drivers and one recorder. */
export class Lane implements PartLane {
  readonly now = monotonicMs;
  readonly recorder: Recorder;
  private readonly load: LaneLoad;
  private readonly lease: Lease;
  /** By index into the user types of the plan. */
  private readonly types: LoadedType[] = [];
  private readonly drivers: Drivers[] = [];
  private grpc: LaneGrpc | undefined;
  readonly sink: ContextSink & { lane: LaneNumber; seed: number } = {
    lane: { index: 0, count: 1 },
    measures: new MeasureWatch((subject) =>
      this.findings.add({ kind: 'measured-requests', subject, count: 1 }),
    ),
    latestStart: new LatestStart(),
    poolOf: (ordinal, table) => this.rows.poolOf(ordinal, table),
    leased: (use, table, row) => this.observer?.leased(use, table, row),
    seed: 0,
    now: monotonicMs,
    record: (sample) => this.sinks.custom(sample),
    check: (name, passed, value, suffix) => {
      this.recorder.check(name + suffix, passed);
      this.observer?.check(name, passed, value);
    },
    threw: (user, task, error) => this.threw(user, task, error),
    stopRun: (user, task, reason) => this.send({ type: 'stopRun', user, task, reason: String(reason) }),
  };
  readonly closedNumbers: ClosedNumbers;
  startAtMs: Millis | undefined;
  /** Of the user code that runs. */
  private readonly phase = new RunningPhase();
  private readonly hooks: LaneHooks;
  private readonly thrown = new ThrownStacks();
  private readonly sinks: SampleSinks;
  private readonly samples: SampleFile | undefined;
  private readonly rows: LeasedRows;

  private constructor(
    private readonly spec: ScenarioSpec,
    private readonly order: LoadBundleOrder,
    private readonly send: (news: LaneNews) => void,
    private readonly findings: Findings,
    shared: SharedClient,
    readonly observer: LaneObserver | undefined,
  ) {
    const { maxSeries, failureSamples, stopTimeoutMs, userTypes, laneGroups, seed } = order.plan;
    const peak = laneGroups.reduce((sum, group) => sum + group.users, 0);
    this.closedNumbers = new ClosedNumbers(peak, () => this.tick);
    this.sink.seed = seed ?? 0;
    this.lease = new Lease(() => this.expired(), timing, stopTimeoutMs);
    this.rows = new LeasedRows(shared, timing, this.lease);
    // Before the start everything, such as requests of setup, belongs to the first second.
    this.recorder = new Recorder(Number.MAX_SAFE_INTEGER / 2, maxSeries, failureSamples);
    this.load = new LaneLoad({
      userTypes,
      openTimes: openDueTimes,
      stopTimeoutMs,
      timing,
      isLeased: () => !this.lease.isExpired,
      host: (index, parts, part, types) => new PartUsers(this, index, parts, part, types),
      onDone: () => this.send({ type: 'partDone', positions: this.load.positions }),
    });
    const { worker, lane, group } = order;
    this.hooks = new LaneHooks(spec.onWorker, { worker, lane, group }, this, findings);
    this.samples = sampleFileOf(order, findings);
    this.sinks = sampleSinks(this.recorder, this.samples?.add, observer?.sample);
  }

  /** @throws DrumlineError if the bundle cannot be loaded; also whatever the hook throws */
  static async load(
    order: LoadBundleOrder,
    send: (news: LaneNews) => void,
    shared: SharedClient,
    observer?: LaneObserver,
  ): Promise<Lane> {
    installInputs(order.plan, order.secrets);
    const findings = new Findings();
    watchForUnset(order.plan.variablesHere ?? [], (subject) =>
      findings.add({ kind: 'unset-variable', subject, count: 1 }),
    );
    const { spec }: Scenario = await loadBundle(order.bundle);
    const lane = new Lane(spec, order, send, findings, shared, observer);
    installRuntime(metricSink(lane.recorder, lane.phase, observer));
    installShared(shared);
    lane.grpc = await LaneGrpc.open(lane.openSharedGrpc());
    const common = await lane.openDrivers(spec.http ?? {});
    for (const [index, { name, laneGroup }] of order.plan.userTypes.entries()) {
      if (laneGroup !== order.group) continue;
      const type = spec.users.find((user) => user.name === name)!;
      const own = type.spec.http;
      const drivers = own ? await lane.openDrivers({ ...spec.http, ...own }) : common;
      const tags = { ...spec.tags, ...type.spec.tags };
      const tasks = selectTasks(type.spec.tasks, order.plan.tags, taskFailurePolicy(type.spec));
      lane.types[index] = { type, drivers, tags, tasks, openRows: rowsOf(type, spec.users) };
    }
    await lane.hooks.runStart();
    return lane;
  }

  get stopTimeoutMs(): Millis {
    return this.order.plan.stopTimeoutMs;
  }

  get users(): number {
    return this.load.size;
  }

  /** How far the lane is with open and fixed parts of the load. */
  get positions(): readonly LanePosition[] {
    return this.load.positions;
  }

  assign(assignment: LaneAssignment): void {
    if (!usersAreAlike(assignment.load)) {
      this.grpc?.tellUsersApart();
      if (hasMetrics()) this.phase.track();
    }
    this.closedNumbers.assign(assignment.shares);
    const releases = this.load.assign(assignment);
    if (releases.length > 0) this.send({ type: 'released', epoch: assignment.epoch, releases });
  }

  start({ startAtMs, setupResult, number }: LaneStart): void {
    if (number) this.sink.lane = number;
    provideSetupResult(this.spec.setup, setupResult);
    this.startAtMs = startAtMs;
    if (startAtMs > monotonicMs()) this.closedNumbers.start();
    this.adjustClock(startAtMs);
  }

  /** Starts one user of a type, for debugging. It needs no master, and runs until it is stopped. */
  openUser(name: string): UserSession {
    this.lease.renew(Infinity);
    const index = this.order.plan.userTypes.findIndex((type) => type.name === name);
    const loaded = this.types[index]!;
    const { type } = loaded;
    const onFailure = { onStart: startFailurePolicy(type.spec) ?? 'stop-user' } as const;
    const users = PartUsers.alone(this, index);
    return users.open({ ...loaded, type: { ...type, spec: { ...type.spec, onFailure } } }, 0);
  }

  /** Extends the lease after a message from the master. */
  renewLease(untilMs: Millis): void {
    this.lease.renew(untilMs);
  }

  /** Sets the start of the run to a better estimate. */
  adjustClock(startAtMs: Millis): void {
    if (this.startAtMs === undefined) return;
    this.startAtMs = startAtMs;
    this.samples?.startAt(startAtMs);
    this.recorder.setOrigin(startAtMs);
    this.load.startAt(startAtMs);
  }

  /** Runs `setup` or `teardown`. @returns the value of `setup` */
  async runPhase(phase: 'setup' | 'teardown', setupResult: unknown): Promise<unknown> {
    if (phase === 'teardown') provideSetupResult(this.spec.setup, setupResult);
    const { setup } = this.spec;
    const run = phase === 'teardown' ? this.spec.teardown : typeof setup === 'function' ? setup : setup?.run;
    const owner = { index: -1, type: `(${phase})`, tags: {} };
    const context = new LaneContext(owner, this.sink, this.drivers[0]!);
    this.observer?.began('', phase);
    try {
      const code = async (): Promise<unknown> => await run?.(context as BaseContext);
      const result = await (this.grpc ? this.grpc.callers.enterPhase(context, code) : code());
      // Not sent, because no code can read it.
      return run === this.spec.teardown || run === setup ? undefined : result;
    } finally {
      await context.close();
      await this.samples?.settle();
      this.flush();
    }
  }

  async drain(stopTimeoutMs: Millis): Promise<void> {
    await this.load.drain(stopTimeoutMs);
    await this.rows.close();
    this.cutShared();
    this.flush();
    await this.hooks.runStop();
    await this.samples?.settle();
    this.flush();
  }

  /** Hands over all counts so far. The report merges several parts of a second. */
  flush(): void {
    this.samples?.flush();
    const deltas = this.recorder.close(monotonicMs());
    this.hooks.take(deltas);
    if (deltas.length > 0) this.send({ type: 'deltas', deltas });
    if (!this.findings.isEmpty) this.send({ type: 'findings', findings: this.findings.take() });
  }

  /** Counts requests in flight as cut off, and hands over all counts, before the lane dies. */
  async cutAndFlush(): Promise<void> {
    void this.load.hold();
    for (const member of this.load.members()) member.kill();
    await new Promise((resolve) => setImmediate(resolve));
    await this.samples?.settle();
    this.flush();
  }

  enter<T>(user: LaneContext, code: () => T): T {
    const { grpc } = this;
    return this.phase.enter(user.phase, grpc ? () => grpc.callers.enter(user, code) : code);
  }

  cutShared(): void {
    this.grpc?.callers.cut();
  }

  floated(user: string, task: string): void {
    this.findings.add({ kind: 'floating-promise', subject: clip(`${user}/${task}`, 200), count: 1 });
  }

  passGate(): Promise<void> | undefined {
    return this.load.passGate();
  }

  threw(user: string, task: string, error: unknown): void {
    const thrown = kindOfThrown(error);
    if (thrown === 'known') return;
    if (thrown === 'no-target')
      this.findings.add({ kind: 'no-target', subject: clip(`${user}/${task}`, 200), count: 1 });
    const described = this.thrown.describe(user, task, error);
    this.recorder.exception({ user, task, ...described }, monotonicMs());
    this.observer?.threw(user, task, described);
  }

  loadedType(type: number): LoadedType {
    return this.types[type]!;
  }

  /** Tenths of a second since the start of the run, from 1. */
  private get tick(): number {
    return 1 + Math.max(0, Math.floor((monotonicMs() - (this.startAtMs ?? 0)) / 100));
  }

  private expired(): void {
    this.send({ type: 'held' });
    this.hold();
  }

  /** Stops all users until there is another assignment. */
  hold(): void {
    this.lease.end();
    void this.load.hold(this.lease.leftToStopMs);
    this.rows.hold();
  }

  /** Returns a function that opens a client for all users, if they are of one type. */
  private openSharedGrpc(): (() => GrpcClient) | undefined {
    const { plan, group } = this.order;
    if (plan.userTypes.filter(({ laneGroup }) => laneGroup === group).length !== 1) return undefined;
    const only = plan.userTypes.findIndex(({ laneGroup }) => laneGroup === group);
    return () => {
      const { type, drivers, tags } = this.types[only]!;
      return drivers.grpc!.openClient({ user: type.name, tags, delay: this.sink.latestStart });
    };
  }

  private async openDrivers(settings: HttpSettings): Promise<Drivers> {
    const { order, recorder, findings, grpc, observer } = this;
    const parts = { order, recorder, findings, grpc, onSample: this.sinks.driver, observer };
    this.drivers.push(await openDrivers(settings, parts));
    return this.drivers.at(-1)!;
  }
}
