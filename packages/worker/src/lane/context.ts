import {
  InterruptedError,
  takeStartDelay,
  type CallGate,
  type HttpClient,
  type StartDelay,
  type WsClient,
} from '@drumline/drivers';
import type { GrpcClient } from '@drumline/drivers/grpc';
import { requireKnownKeys, STEP_PROTOCOL, type Outcome, type Sample } from '@drumline/model';
import type { CustomSample, RequestName, UserContext } from '@drumline/scenario';
import { CUSTOM_SAMPLE_KEYS, REQUEST_NAME_KEYS } from '@drumline/scenario/runtime';
import { BackgroundWork } from './background.js';
import { checkAll, checkTags, type CheckOwner } from './checks.js';
import { refuseReserved, requireNames, sampleOf } from './custom-sample.js';
import type { LatestStart } from './latest-start.js';
import type { MeasureWatch } from './measure-watch.js';
import { sleepUnlessCut } from './sleep.js';
import { timeWork, type WorkOwner } from './timed-work.js';
import { LeasingUser, type Leasing } from './leasing-user.js';
import { UserClients, type Drivers, type Owner } from './user-clients.js';
import { ITERATION_ENDED, RUN_STOPPED, USER_STOPPED, type Unwinding } from './unwinding.js';

/** Where a context records what happens. */
export interface ContextSink extends Leasing {
  /** The number of this lane in its lane group, over all workers. */
  readonly lane: { readonly index: number; readonly count: number };
  readonly measures: MeasureWatch;
  readonly latestStart: LatestStart;
  now(): number;
  record(sample: Sample): void;
  /**
   * @param value what was checked
   * @param suffix the tags, as `tagSuffix` writes them
   */
  check(name: string, passed: boolean, value: unknown, suffix: string): void;
  /** Records an exception of user code, unless the run caused it or it is already counted. */
  threw(user: string, task: string, error: unknown): void;
  /** The scenario code asked to stop the run. */
  stopRun(user: string, task: string, reason: unknown): void;
}

/** Controls the session of a user. */
export interface UserControl {
  /** Ends the user after its current task. */
  stop(): void;
  /** Ends the user at its own request: no other user takes its place. */
  leave(): void;
}

/** The context that user code receives. */
export class LaneContext
  extends LeasingUser
  implements UserContext<unknown>, WorkOwner, CheckOwner, StartDelay
{
  isCut = false;
  startDelayMs = 0;
  /** The value that `state` of the user type returned. */
  state: unknown;
  /** The current task, for display. */
  task = '';
  /** Undefined in `setup` and `teardown`. */
  control: UserControl | undefined;
  /** Set while the user's code is being left. Until then every call throws it. */
  unwinding: Unwinding | undefined;
  /** Created on first use, because many users may only wait. */
  private clients: UserClients | undefined;
  private abort: AbortController | undefined;
  /** What ends when the user is cut off: sleeps, measures, the user itself. */
  private cuts: Set<() => void> | undefined;
  private handle: UserContext['user'] | undefined;
  private backgroundWork: BackgroundWork | undefined;
  /** Open measures that are watched, the innermost last. */
  private watched: RequestName[] | undefined;

  constructor(
    owner: Owner,
    protected readonly sink: ContextSink,
    private readonly drivers: Drivers,
  ) {
    super(owner, sink);
  }

  get user(): UserContext['user'] {
    const { index, type } = this.owner;
    return (this.handle ??= { index, type, stop: () => this.stopUser() });
  }

  /** The phase of the load to which the user belongs. */
  get phase(): string | undefined {
    return this.owner.tags['phase'];
  }

  // User code destructures the context (`({ check }) => …`), so these must not need `this`. They
  // are created on demand, because most users wait most of the time and use few of them.
  get check(): UserContext['check'] {
    return (value, conditions, options) => {
      this.refuseWhileLeaving();
      return checkAll(value, conditions, this.sink, this, checkTags(this.phase, options));
    };
  }

  get measure(): UserContext['measure'] {
    return (what, work) => this.runMeasured(what, work);
  }

  get step(): UserContext['step'] {
    return async (name, work) => {
      this.refuseWhileLeaving();
      requireNames('step', { protocol: STEP_PROTOCOL, name });
      return await timeWork(this, { protocol: STEP_PROTOCOL, name }, work);
    };
  }

  get record(): UserContext['record'] {
    return (sample) => {
      this.refuseWhileLeaving();
      requireKnownKeys(sample, CUSTOM_SAMPLE_KEYS, 'record');
      requireNames('record', sample);
      refuseReserved('record', sample);
      this.count(sample, sample.failure === undefined ? 'passed' : 'failed');
    };
  }

  get lane(): UserContext['lane'] {
    return this.sink.lane;
  }

  get iteration(): UserContext['iteration'] {
    return { number: this.iterationNumber, end: () => this.unwind(ITERATION_ENDED) };
  }

  get run(): UserContext['run'] {
    return { stop: (reason) => this.stopRun(reason) };
  }

  stopRun(reason: string): never {
    this.sink.stopRun(this.owner.type, this.task, reason);
    this.control?.stop();
    return this.unwind(RUN_STOPPED);
  }

  get background(): UserContext['background'] {
    return (work) => {
      this.refuseWhileLeaving();
      this.backgroundWork ??= new BackgroundWork(this, (error) =>
        this.sink.threw(this.owner.type, 'background', error),
      );
      this.backgroundWork.start(work);
    };
  }

  get sleep(): UserContext['sleep'] {
    return (duration) => {
      if (this.unwinding !== undefined) return Promise.reject(this.unwinding);
      if (this.isCut) return Promise.reject(new InterruptedError());
      return sleepUnlessCut(duration, (cut) => this.onCut(cut));
    };
  }

  get http(): HttpClient {
    return this.openClients().http;
  }

  get ws(): WsClient {
    return this.openClients().ws;
  }

  grpcClient(): GrpcClient {
    return this.openClients().grpc;
  }

  get signal(): AbortSignal {
    if (!this.abort) {
      this.abort = new AbortController();
      if (this.isCut) this.abort.abort(new InterruptedError());
    }
    return this.abort.signal;
  }

  /** Cuts off requests, WebSockets, gRPC calls, measures and sleeps. Later calls throw. */
  cut(): void {
    if (this.isCut) return;
    this.isCut = true;
    this.clients?.cut();
    this.abort?.abort(new InterruptedError());
    for (const cut of this.cuts ?? []) cut();
    void this.backgroundWork?.end(0);
  }

  /** Allows calls again after `cut`, for `onStop`. */
  revive(): void {
    this.isCut = false;
    this.abort = undefined;
    this.clients?.revive();
  }

  /**
   * Ends the unwinding that the user code asked for. @returns how far the code was left; undefined
   * if it did not ask for it
   */
  settle(): Unwinding['scope'] | undefined {
    const { unwinding } = this;
    if (unwinding === undefined) return undefined;
    this.unwinding = undefined;
    this.gateChanged();
    return unwinding.scope;
  }

  /**
   * Whether a request is in flight although the task has ended, so nothing awaits it. Unknown for
   * background work.
   */
  get hasFloating(): boolean {
    return this.backgroundWork === undefined && this.clients?.hasPending === true;
  }

  /** Resolves when background work has ended, or after the limit; undefined if there is none. */
  endBackground(limitMs: number): Promise<void> | undefined {
    return this.backgroundWork?.end(limitMs);
  }

  /** Forgets background work that has ended, so that more can be started. */
  renewBackground(): void {
    this.backgroundWork = undefined;
  }

  async close(): Promise<void> {
    this.giveAllRowsBack();
    await this.clients?.close();
  }

  now(): number {
    return this.sink.now();
  }

  onCut(action: () => void): () => void {
    const cuts = (this.cuts ??= new Set());
    cuts.add(action);
    return () => void cuts.delete(action);
  }

  /** The next iteration begins this late. Its first request counts from when it was due. */
  startsLate(delayMs: number): void {
    this.startDelayMs = delayMs;
    this.sink.latestStart.user = this;
  }

  private openClients(): UserClients {
    if (!this.clients) {
      this.clients = new UserClients(this.owner, this.drivers, this);
      this.clients.setGate(this.gate);
      if (this.isCut) this.clients.cut();
    }
    return this.clients;
  }

  /** Called by clients before each call. Usually undefined, which costs nothing. */
  private get gate(): CallGate | undefined {
    // Clients are shared with background work, which continues when a task is left.
    const isLeaving = this.unwinding !== undefined && this.backgroundWork === undefined;
    const { rowGate } = this;
    if (!isLeaving && this.watched === undefined) return rowGate;
    return () => this.passGate() ?? rowGate?.();
  }

  private passGate(): Error | undefined {
    if (this.unwinding !== undefined && this.backgroundWork === undefined) return this.unwinding;
    for (const what of this.watched ?? []) this.sink.measures.found(what, this.owner.type);
    return undefined;
  }

  protected gateChanged(): void {
    this.clients?.setGate(this.gate);
  }

  protected unwind(signal: Unwinding): never {
    if (this.unwinding?.scope !== 'user') this.unwinding = signal;
    this.gateChanged();
    throw this.unwinding;
  }

  stopUser(): never {
    this.control?.leave();
    return this.unwind(USER_STOPPED);
  }

  /**
   * @throws Unwinding while the user's code is being left, even if the code has caught it before
   */
  protected refuseWhileLeaving(): void {
    if (this.unwinding !== undefined) throw this.unwinding;
  }

  private async runMeasured<T>(what: RequestName, work: () => T | Promise<T>): Promise<T> {
    this.refuseWhileLeaving();
    requireKnownKeys(what, REQUEST_NAME_KEYS, 'measure');
    requireNames('measure', what);
    refuseReserved('measure', what);
    const lateMs = takeStartDelay(this);
    if (!this.sink.measures.wants(what, this.owner.type)) return await timeWork(this, what, work, lateMs);
    (this.watched ??= []).push(what);
    this.gateChanged();
    try {
      return await timeWork(this, what, work, lateMs);
    } finally {
      const left = this.watched.filter((other) => other !== what);
      this.watched = left.length > 0 ? left : undefined;
      this.gateChanged();
    }
  }

  threw(error: unknown): void {
    this.sink.threw(this.owner.type, this.task, error);
  }

  count(sample: CustomSample, outcome: Outcome, lateMs = 0): void {
    this.sink.record({ ...sampleOf(sample, outcome, this.owner, this.sink.now()), lateMs });
  }
}
