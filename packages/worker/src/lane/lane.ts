import type { GrpcClient } from '@drumline/drivers/grpc';
import type { HttpSettings } from '@drumline/drivers';
import { clip, profileOf, RETIRED_USERS, type Millis, type Retirement } from '@drumline/model';
import type { BaseContext, Scenario, ScenarioSpec, UserType, WorkerHookContext } from '@drumline/scenario';
import {
  installInputs,
  installRuntime,
  loadBundle,
  provideSetupResult,
  selectTasks,
  startFailurePolicy,
  taskFailurePolicy,
  watchForUnset,
  type Branch,
} from '@drumline/scenario/runtime';
import { Recorder } from '@drumline/stats';
import type { LaneNumber } from '@drumline/wire';
import type { LaneAssignment, LaneNews, LaneStart, LoadBundleOrder } from '../lane-protocol.js';
import { Findings } from '../findings.js';
import { monotonicMs } from '@drumline/wire/monotonic';
import { LaneContext, type ContextSink } from './context.js';
import { openDrivers } from './drivers.js';
import { LaneGrpc } from './grpc.js';
import { LatestStart } from './latest-start.js';
import { MeasureWatch } from './measure-watch.js';
import { Lease } from './lease.js';
import { metricSink } from './metric-sink.js';
import type { LaneObserver } from './observer.js';
import { phaseOf } from './pace.js';
import { Population } from './population.js';
import { kindOfThrown } from './thrown-kind.js';
import { sampleFileOf, sampleSinks, type SampleSinks } from './sample-sink.js';
import type { SampleFile } from '../samples/sample-file.js';
import { laneTiming as timing } from './timing.js';
import { ThrownStacks } from './thrown-stacks.js';
import type { Drivers, Owner } from './user-clients.js';
import { UserNumbers } from './user-numbers.js';
import { rowsOf, type OpenRows } from './user-rows.js';
import { UserSession, type UserHost } from './user-session.js';

/** A user type of the lane group, ready to run. */
interface LoadedType {
  readonly type: UserType;
  readonly tasks: Branch<unknown>;
  readonly drivers: Drivers;
  /** Tags of the scenario and of the user type. */
  readonly tags: Readonly<Record<string, string>>;
  readonly openRows: OpenRows | undefined;
}

/** A loaded scenario that makes load: users, drivers and one recorder. */
export class Lane implements UserHost {
  readonly now = monotonicMs;
  private readonly recorder: Recorder;
  private readonly population: Population;
  private readonly lease = new Lease(() => this.hold(), timing);
  private readonly types = new Map<string, LoadedType>();
  private readonly drivers: Drivers[] = [];
  private grpc: LaneGrpc | undefined;
  private readonly sink: ContextSink & { lane: LaneNumber; seed: number } = {
    lane: { index: 0, count: 1 },
    measures: new MeasureWatch((subject) =>
      this.findings.add({ kind: 'measured-requests', subject, count: 1 }),
    ),
    latestStart: new LatestStart(),
    seed: 0,
    now: monotonicMs,
    record: (sample) => this.sinks.custom(sample),
    check: (name, passed, value) => {
      this.recorder.check(name, passed);
      this.observer?.check(name, passed, value);
    },
    threw: (user, task, error) => this.threw(user, task, error),
    stopRun: (user, task, reason) => this.send({ type: 'stopRun', user, task, reason: String(reason) }),
  };
  private readonly numbers: UserNumbers;
  private startAtMs: Millis | undefined;
  private readonly thrown = new ThrownStacks();
  private readonly sinks: SampleSinks;
  private readonly samples: SampleFile | undefined;

  private constructor(
    private readonly spec: ScenarioSpec,
    private readonly order: LoadBundleOrder,
    private readonly send: (news: LaneNews) => void,
    private readonly findings: Findings,
    readonly observer: LaneObserver | undefined,
  ) {
    const { maxSeries, stopTimeoutMs, userTypes, laneGroups, seed } = order.plan;
    const peak = laneGroups.reduce((sum, group) => sum + group.users, 0);
    this.numbers = new UserNumbers(userTypes, peak, () => this.tick);
    this.sink.seed = seed ?? 0;
    // Before the start everything, such as requests of setup, belongs to the first second.
    this.recorder = new Recorder(Number.MAX_SAFE_INTEGER / 2, maxSeries);
    this.population = new Population((index) => this.spawnUser(index), timing, stopTimeoutMs);
    this.samples = sampleFileOf(order, findings);
    this.sinks = sampleSinks(this.recorder, this.samples?.add, observer?.sample);
  }

  /** @throws DrumlineError if the bundle cannot be loaded; also whatever the hook throws */
  static async load(
    order: LoadBundleOrder,
    send: (news: LaneNews) => void,
    observer?: LaneObserver,
  ): Promise<Lane> {
    installInputs(order.plan, order.secrets);
    const findings = new Findings();
    watchForUnset(order.plan.variablesHere ?? [], (subject) =>
      findings.add({ kind: 'unset-variable', subject, count: 1 }),
    );
    const { spec }: Scenario = await loadBundle(order.bundle);
    const lane = new Lane(spec, order, send, findings, observer);
    installRuntime(metricSink(lane.recorder, observer));
    lane.grpc = await LaneGrpc.open(lane.openSharedGrpc());
    const shared = await lane.openDrivers(spec.http ?? {});
    for (const { name, laneGroup } of order.plan.userTypes) {
      if (laneGroup !== order.group) continue;
      const type = spec.users.find((user) => user.name === name)!;
      const own = type.spec.http;
      const drivers = own ? await lane.openDrivers({ ...spec.http, ...own }) : shared;
      const tags = { ...spec.tags, ...type.spec.tags };
      const tasks = selectTasks(type.spec.tasks, order.plan.tags, taskFailurePolicy(type.spec));
      lane.types.set(name, { type, drivers, tags, tasks, openRows: rowsOf(type, spec.users) });
    }
    await spec.onWorker?.runStart?.(lane.hookContext);
    return lane;
  }

  get stopTimeoutMs(): Millis {
    return this.order.plan.stopTimeoutMs;
  }

  get users(): number {
    return this.population.size;
  }

  assign(assignment: LaneAssignment): void {
    const users = assignment.shares[0] ?? [];
    this.numbers.assign(users);
    this.population.assign({ ...assignment, load: profileOf(assignment.load), users });
  }

  start({ startAtMs, setupResult, number }: LaneStart): void {
    if (number) this.sink.lane = number;
    provideSetupResult(this.spec.setup, setupResult);
    this.startAtMs = startAtMs;
    if (startAtMs > monotonicMs()) this.numbers.start();
    this.adjustClock(startAtMs);
  }

  /** Starts one user of a type, for debugging. It runs until it is stopped. */
  openUser(name: string): UserSession {
    const { type, tasks } = this.types.get(name)!;
    const onFailure = { onStart: startFailurePolicy(type.spec) ?? 'stop-user' } as const;
    return new UserSession(this, { ...type, spec: { ...type.spec, onFailure } }, tasks, 0);
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
    this.population.startAt(startAtMs);
  }

  /** Runs `setup` or `teardown`. @returns the value of `setup` */
  async runPhase(phase: 'setup' | 'teardown', setupResult: unknown): Promise<unknown> {
    if (phase === 'teardown') provideSetupResult(this.spec.setup, setupResult);
    const { setup } = this.spec;
    const run = phase === 'teardown' ? this.spec.teardown : typeof setup === 'function' ? setup : setup?.run;
    const context = this.openContext({ index: -1, type: `(${phase})`, tags: {} }, this.drivers[0]!);
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
    await this.population.drain(stopTimeoutMs);
    this.cutShared();
    try {
      await this.spec.onWorker?.runStop?.(this.hookContext);
    } catch (error) {
      this.threw('', 'onWorker.runStop', error);
    }
    await this.samples?.settle();
    this.flush();
  }

  /** Hands over all counts so far. The report merges several parts of a second. */
  flush(): void {
    this.samples?.flush();
    const deltas = this.recorder.close(monotonicMs());
    if (deltas.length > 0) this.send({ type: 'deltas', deltas });
    if (!this.findings.isEmpty) this.send({ type: 'findings', findings: this.findings.take() });
  }

  /**
   * Cuts off every user, so that requests in flight are counted, and hands over all counts. Called
   * before the lane dies.
   */
  async cutAndFlush(): Promise<void> {
    for (const member of this.population.members()) member.kill();
    await new Promise((resolve) => setImmediate(resolve));
    await this.samples?.settle();
    this.flush();
  }

  enter<T>(user: LaneContext, code: () => T): T {
    return this.grpc ? this.grpc.callers.enter(user, code) : code();
  }

  cutShared(): void {
    this.grpc?.callers.cut();
  }

  floated(user: string, task: string): void {
    this.findings.add({ kind: 'floating-promise', subject: clip(`${user}/${task}`, 200), count: 1 });
  }

  passGate(): Promise<void> | undefined {
    return this.population.passGate();
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

  retired(why: Retirement): void {
    this.recorder.counter(RETIRED_USERS[why], 1, monotonicMs());
  }

  makeContext(type: UserType, index: number): LaneContext {
    const { drivers, tags, openRows } = this.types.get(type.name)!;
    const owner = { index, type: type.name, tags, openRows, numbering: this.numbers };
    const context = this.openContext(owner, drivers);
    context.iterationCount = this.numbers.countSeen(index);
    return context;
  }

  placeMs(index: number, periodMs: Millis): Millis {
    return (this.startAtMs ?? 0) + phaseOf(this.numbers.ordinalOf(index)) * periodMs;
  }

  /** Tenths of a second since the start of the run, from 1. */
  private get tick(): number {
    return 1 + Math.max(0, Math.floor((monotonicMs() - (this.startAtMs ?? 0)) / 100));
  }

  private get hookContext(): WorkerHookContext {
    const { worker, lane, group } = this.order;
    return { worker, lane, group };
  }

  private hold(): void {
    this.send({ type: 'held' });
    void this.population.hold();
  }

  private spawnUser(index: number): UserSession {
    const { type, tasks } = this.types.get(this.order.plan.userTypes[this.numbers.typeOf(index)]!.name)!;
    return new UserSession(this, type, tasks, index);
  }

  private openContext(owner: Owner, drivers: Drivers): LaneContext {
    return new LaneContext(owner, this.sink, drivers);
  }

  /** Returns a function that opens a client for all users, if they are of one type. */
  private openSharedGrpc(): (() => GrpcClient) | undefined {
    const [name, ...others] = this.order.plan.userTypes
      .filter(({ laneGroup }) => laneGroup === this.order.group)
      .map((type) => type.name);
    if (name === undefined || others.length > 0) return undefined;
    return () => {
      const { drivers, tags } = this.types.get(name)!;
      return drivers.grpc!.openClient({ user: name, tags, delay: this.sink.latestStart });
    };
  }

  private async openDrivers(settings: HttpSettings): Promise<Drivers> {
    const { order, recorder, findings, grpc, observer } = this;
    const parts = { order, recorder, findings, grpc, onSample: this.sinks.driver, observer };
    const drivers = await openDrivers(settings, parts);
    this.drivers.push(drivers);
    return drivers;
  }
}
