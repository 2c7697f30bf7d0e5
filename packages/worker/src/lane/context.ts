import { InterruptedError, type CallGate, type HttpClient, type WsClient } from '@drumline/drivers';
import type { GrpcClient } from '@drumline/drivers/grpc';
import { requireKnownKeys, STEP_PROTOCOL, type Duration, type Outcome, type Sample } from '@drumline/model';
import type { CustomSample, RequestName, UserContext } from '@drumline/scenario';
import { CUSTOM_SAMPLE_KEYS, REQUEST_NAME_KEYS } from '@drumline/scenario/runtime';
import { BackgroundWork } from './background.js';
import { checkAll, type CheckOwner } from './checks.js';
import { refuseReserved, requireNames, sampleOf } from './custom-sample.js';
import type { MeasureWatch } from './measure-watch.js';
import { sleepUnlessCut } from './sleep.js';
import { timeWork, type WorkOwner } from './timed-work.js';
import { UserClients, type Drivers, type Owner } from './user-clients.js';
import { ITERATION_ENDED, RUN_STOPPED, USER_STOPPED, type Unwinding } from './unwinding.js';

/** Where a context counts to. */
export interface ContextSink {
  /** Which of the run's lanes this is, of those of its group. */
  readonly lane: { readonly index: number; readonly count: number };
  readonly measures: MeasureWatch;
  now(): number;
  record(sample: Sample): void;
  check(name: string, passed: boolean): void;
  /** Counts what a user's code threw, unless it is the run's own doing or counted already. */
  threw(user: string, task: string, error: unknown): void;
  /** The scenario's code ordered the end of the run. */
  stopRun(user: string, task: string, reason: unknown): void;
}

/** The session of a user, as its code reaches it. */
export interface UserControl {
  /** Ends it after what it does now. */
  stop(): void;
  /** The same, as the user's code wants it: no other user takes its place. */
  leave(): void;
}

/** What the functions of one user are given. */
export class LaneContext implements UserContext<unknown>, WorkOwner, CheckOwner {
  isCut = false;
  /** What the user type's `state` made. */
  state: unknown;
  /** What runs now, for people. */
  task = '';
  /** Undefined in `setup` and `teardown`. */
  control: UserControl | undefined;
  /** Set while the user's code is being left: until then every call refuses with it. */
  unwinding: Unwinding | undefined;
  /** Made on first use, as there may be many users that only wait. */
  private clients: UserClients | undefined;
  private abort: AbortController | undefined;
  /** What ends when the user is cut off: sleeps, measures, the user itself. */
  private cuts: Set<() => void> | undefined;
  private handle: UserContext['user'] | undefined;
  private backgroundWork: BackgroundWork | undefined;
  /** Open measures that are watched, the innermost last. */
  private watched: RequestName[] | undefined;

  constructor(
    private readonly owner: Owner,
    private readonly sink: ContextSink,
    private readonly drivers: Drivers,
  ) {}

  get user(): UserContext['user'] {
    const { index, type } = this.owner;
    return (this.handle ??= { index, type, stop: () => this.stopUser() });
  }

  // User code takes these out of the context (`({ check }) => …`), so they must not need `this`; made when asked for, as most
  // users of most scenarios wait most of the time and use few of them.
  get check(): UserContext['check'] {
    return (value, conditions) => {
      this.refuseWhileLeaving();
      return checkAll(value, conditions, this.sink, this);
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
    return { end: () => this.unwind(ITERATION_ENDED) };
  }

  get run(): UserContext['run'] {
    return {
      stop: (reason) => {
        this.sink.stopRun(this.owner.type, this.task, reason);
        this.control?.stop();
        return this.unwind(RUN_STOPPED);
      },
    };
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
    return (duration) => this.runSleep(duration);
  }

  get http(): HttpClient {
    return this.openClients().http;
  }

  get ws(): WsClient {
    return this.openClients().ws;
  }

  /** Of the services that the scenario declares. */
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

  /** Cuts off requests, WebSockets, gRPC calls, measures and sleeps; everything later is refused. */
  cut(): void {
    if (this.isCut) return;
    this.isCut = true;
    this.clients?.cut();
    this.abort?.abort(new InterruptedError());
    for (const cut of this.cuts ?? []) cut();
    void this.backgroundWork?.end(0);
  }

  /** After `cut`, makes what follows possible again, for `onStop`. */
  revive(): void {
    this.isCut = false;
    this.abort = undefined;
    this.clients?.revive();
  }

  /**
   * The user's code has been left, as it wished. @returns how far it is left; undefined if it did
   * not wish so
   */
  settle(): Unwinding['scope'] | undefined {
    const { unwinding } = this;
    if (unwinding === undefined) return undefined;
    this.unwinding = undefined;
    this.clients?.setGate(this.gate);
    return unwinding.scope;
  }

  /**
   * Whether a request is under way that nothing can be waiting for, as the task has ended; of
   * background work nothing is known.
   */
  get hasFloating(): boolean {
    return this.backgroundWork === undefined && this.clients?.hasPending === true;
  }

  /**
   * Resolves when what runs in the background has ended, or after the limit; undefined if nothing
   * does.
   */
  endBackground(limitMs: number): Promise<void> | undefined {
    const work = this.backgroundWork;
    return work?.end(limitMs);
  }

  /** Forgets background work that has ended, so that there can be more. */
  renewBackground(): void {
    this.backgroundWork = undefined;
  }

  async close(): Promise<void> {
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

  private openClients(): UserClients {
    if (!this.clients) {
      this.clients = new UserClients(this.owner, this.drivers);
      this.clients.setGate(this.gate);
      if (this.isCut) this.clients.cut();
    }
    return this.clients;
  }

  /** What clients ask before each call; undefined as a rule, so that they need not. */
  private get gate(): CallGate | undefined {
    // The clients are shared with background work, which goes on when a task is left.
    const isLeaving = this.unwinding !== undefined && this.backgroundWork === undefined;
    if (!isLeaving && this.watched === undefined) return undefined;
    return () => this.passGate();
  }

  private passGate(): Error | undefined {
    if (this.unwinding !== undefined && this.backgroundWork === undefined) return this.unwinding;
    for (const what of this.watched ?? []) this.sink.measures.found(what, this.owner.type);
    return undefined;
  }

  private unwind(signal: Unwinding): never {
    if (this.unwinding?.scope !== 'user') this.unwinding = signal;
    this.clients?.setGate(this.gate);
    throw this.unwinding;
  }

  private stopUser(): never {
    this.control?.leave();
    return this.unwind(USER_STOPPED);
  }

  /**
   * @throws Unwinding while the user's code is being left, also if the code has caught it before
   */
  private refuseWhileLeaving(): void {
    if (this.unwinding !== undefined) throw this.unwinding;
  }

  private async runMeasured<T>(what: RequestName, work: () => T | Promise<T>): Promise<T> {
    this.refuseWhileLeaving();
    requireKnownKeys(what, REQUEST_NAME_KEYS, 'measure');
    requireNames('measure', what);
    refuseReserved('measure', what);
    if (!this.sink.measures.wants(what, this.owner.type)) return await timeWork(this, what, work);
    (this.watched ??= []).push(what);
    this.clients?.setGate(this.gate);
    try {
      return await timeWork(this, what, work);
    } finally {
      const left = this.watched.filter((other) => other !== what);
      this.watched = left.length > 0 ? left : undefined;
      this.clients?.setGate(this.gate);
    }
  }

  private runSleep(duration: Duration): Promise<void> {
    if (this.unwinding !== undefined) return Promise.reject(this.unwinding);
    if (this.isCut) return Promise.reject(new InterruptedError());
    return sleepUnlessCut(duration, (cut) => this.onCut(cut));
  }

  threw(error: unknown): void {
    this.sink.threw(this.owner.type, this.task, error);
  }

  count(sample: CustomSample, outcome: Outcome): void {
    this.sink.record(sampleOf(sample, outcome, this.owner, this.sink.now()));
  }
}
