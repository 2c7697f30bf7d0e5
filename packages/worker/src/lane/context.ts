import {
  InterruptedError,
  isInterrupted,
  type HttpClient,
  type HttpDriver,
  type WsClient,
  type WsDriver,
} from '@drumline/drivers';
import type { GrpcClient, GrpcDriver } from '@drumline/drivers/grpc';
import {
  messageOf,
  parseDuration,
  requireKnownKeys,
  sortTags,
  type Duration,
  type Outcome,
  type Sample,
} from '@drumline/model';
import type { CustomSample, RequestName, UserContext } from '@drumline/scenario';
import { CUSTOM_SAMPLE_KEYS, REQUEST_NAME_KEYS } from '@drumline/scenario/runtime';

/** Where a context counts to. */
export interface ContextSink {
  now(): number;
  record(sample: Sample): void;
  check(name: string, passed: boolean): void;
}

/** What gives a user its clients. */
export interface Drivers {
  readonly http: HttpDriver;
  readonly ws: WsDriver;
  /** Undefined if the scenario has no gRPC service. */
  readonly grpc: GrpcDriver | undefined;
}

/** Whose context it is. */
export interface Owner {
  readonly index: number;
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What the functions of one user are given. */
export class LaneContext implements UserContext<unknown> {
  readonly user: { readonly index: number; readonly type: string };
  isCut = false;
  private httpClient: HttpClient | undefined;
  private webSockets: WsClient | undefined;
  private grpc: GrpcClient | undefined;
  private abort: AbortController | undefined;
  /** What ends when the user is cut off: sleeps, measures, the user itself. */
  private cuts: Set<() => void> | undefined;

  constructor(
    private readonly owner: Owner,
    readonly state: unknown,
    private readonly sink: ContextSink,
    private readonly drivers: Drivers,
  ) {
    this.user = owner;
  }

  // User code takes these out of the context (`({ check }) => …`), so they must not need `this`; made when asked for, as most
  // users of most scenarios wait most of the time and use few of them.
  get check(): UserContext['check'] {
    return (value, conditions) => this.runChecks(value, conditions);
  }

  get measure(): UserContext['measure'] {
    return (what, work) => this.runMeasured(what, work);
  }

  get record(): UserContext['record'] {
    return (sample) => {
      requireKnownKeys(sample, CUSTOM_SAMPLE_KEYS, 'record');
      this.count(sample, sample.failure === undefined ? 'passed' : 'failed');
    };
  }

  get sleep(): UserContext['sleep'] {
    return (duration) => this.runSleep(duration);
  }

  get http(): HttpClient {
    if (!this.httpClient) {
      const { type, tags } = this.owner;
      this.httpClient = this.drivers.http.openClient({ user: type, tags });
      if (this.isCut) this.httpClient.interrupt();
    }
    return this.httpClient;
  }

  get ws(): WsClient {
    if (!this.webSockets) {
      const { type, tags } = this.owner;
      this.webSockets = this.drivers.ws.openClient({ user: type, tags }, this.http);
      if (this.isCut) this.webSockets.interrupt();
    }
    return this.webSockets;
  }

  /** Of the services that the scenario declares. */
  grpcClient(): GrpcClient {
    if (!this.grpc) {
      const { type, tags } = this.owner;
      this.grpc = this.drivers.grpc!.openClient({ user: type, tags });
      if (this.isCut) this.grpc.interrupt();
    }
    return this.grpc;
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
    this.httpClient?.interrupt();
    this.webSockets?.interrupt();
    this.grpc?.interrupt();
    this.abort?.abort(new InterruptedError());
    for (const cut of this.cuts ?? []) cut();
  }

  async close(): Promise<void> {
    await Promise.all([this.httpClient?.close(), this.webSockets?.close(), this.grpc?.close()]);
  }

  private onCut(action: () => void): void {
    this.cuts ??= new Set();
    this.cuts.add(action);
  }

  private runChecks<T>(value: T, conditions: Readonly<Record<string, (value: T) => boolean>>): boolean {
    let all = true;
    for (const name of Object.keys(conditions)) {
      let passed = false;
      try {
        passed = conditions[name]!(value);
      } catch {
        requireCondition(name, conditions[name]);
        // A condition that throws has failed.
      }
      this.sink.check(name, passed);
      all &&= passed;
    }
    return all;
  }

  private async runMeasured<T>(what: RequestName, work: () => T | Promise<T>): Promise<T> {
    requireKnownKeys(what, REQUEST_NAME_KEYS, 'measure');
    if (this.isCut) throw new InterruptedError();
    const startedMs = this.sink.now();
    let counted = false;
    const count = (outcome: Outcome, failure?: string): void => {
      if (counted) return;
      counted = true;
      this.count(
        { ...what, durationMs: this.sink.now() - startedMs, ...(failure === undefined ? {} : { failure }) },
        outcome,
      );
    };
    const onCut = (): void => count('interrupted');
    this.onCut(onCut);
    try {
      const result = await work();
      count('passed');
      return result;
    } catch (error) {
      if (isInterrupted(error)) count('interrupted');
      else count('failed', messageOf(error));
      throw error;
    } finally {
      this.cuts?.delete(onCut);
    }
  }

  private runSleep(duration: Duration): Promise<void> {
    if (this.isCut) return Promise.reject(new InterruptedError());
    return new Promise((resolve, reject) => {
      const onCut = (): void => {
        clearTimeout(timer);
        reject(new InterruptedError());
      };
      const timer = setTimeout(() => {
        this.cuts?.delete(onCut);
        resolve();
      }, parseDuration(duration));
      this.onCut(onCut);
    });
  }

  private count(sample: CustomSample, outcome: Outcome): void {
    const {
      protocol,
      method = '',
      name,
      tags = {},
      durationMs,
      failure,
      bytesSent = 0,
      bytesReceived = 0,
    } = sample;
    this.sink.record({
      series: {
        protocol,
        method,
        name,
        user: this.owner.type,
        tags: sortTags({ ...this.owner.tags, ...tags }),
      },
      outcome,
      ...(failure === undefined ? {} : { failure }),
      endedAtMs: this.sink.now(),
      durationUs: Math.round(durationMs * 1_000),
      bytesSent: countOfBytes('bytesSent', bytesSent),
      bytesReceived: countOfBytes('bytesReceived', bytesReceived),
    });
  }
}

/** @throws TypeError for a value in place of a function, which could never pass */
function requireCondition(name: string, condition: unknown): void {
  if (typeof condition === 'function') return;
  throw new TypeError(`check: the condition '${name}' is no function; write '${name}': (value) => …`);
}

/** @throws TypeError for what no sum could hold */
function countOfBytes(field: string, bytes: number): number {
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw new TypeError(`record: ${field} is ${bytes}, and must be a whole number of at least 0`);
}
