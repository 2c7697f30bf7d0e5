import { performance } from 'node:perf_hooks';
import { plainPhases, type EngineRequest, type ExchangeHandler } from '@drumline/drivers';
import type { CallTap, GrpcMethod, GrpcRequest } from '@drumline/drivers/grpc';
import { timesParts, type RowUse, type Sample, type SeriesKey } from '@drumline/model';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { LaneObserver } from '../lane/observer.js';
import { bodyOf } from './bodies.js';
import { describeValue } from './describe-value.js';
import type { DebugEvent, DebugExchange } from './events.js';
import { GrpcCapture } from './grpc-capture.js';
import { HttpCapture } from './http-capture.js';

/** What has been counted. Parts of requests, such as steps, are not requests. */
export interface DebugCounts {
  requests: number;
  failedRequests: number;
  checks: number;
  failedChecks: number;
  exceptions: number;
  metrics: number;
}

/** Turns what the users of a lane do into events. */
export class DebugObserver implements LaneObserver {
  readonly counts: DebugCounts = {
    requests: 0,
    failedRequests: 0,
    checks: 0,
    failedChecks: 0,
    exceptions: 0,
    metrics: 0,
  };
  /** Exchanges of calls that are not counted yet. */
  private readonly open = new Map<Sample, HttpCapture[]>();
  private iteration = 1;
  /** The gRPC call that has just ended and is about to be counted. */
  private ended: GrpcCapture | undefined;

  /** @param onIteration called after each iteration of a user */
  constructor(
    private readonly emit: (event: DebugEvent) => void,
    private readonly onIteration: () => void,
  ) {}

  /** Another user begins. */
  startUser(): void {
    this.iteration = 1;
  }

  readonly exchange = (request: EngineRequest, sample: Sample): ExchangeHandler => {
    const capture = new HttpCapture(request, toUnixMs, monotonicMs);
    const captures = this.open.get(sample);
    if (captures === undefined) this.open.set(sample, [capture]);
    else captures.push(capture);
    return capture;
  };

  readonly grpcCall = (request: GrpcRequest, method: GrpcMethod): CallTap =>
    new GrpcCapture(request, method, toUnixMs, (capture) => (this.ended = capture));

  readonly wsMessage: LaneObserver['wsMessage'] = (direction, data, _isBinary, { name }) =>
    this.emit({ kind: 'message', direction, connection: name, body: bodyOf(data) });

  readonly sample = (sample: Sample): void => {
    const { series, outcome, failure, example, durationUs, phases, bytesSent, bytesReceived } = sample;
    const isPart = timesParts(series);
    if (!isPart) this.counts.requests += 1;
    if (!isPart && outcome === 'failed') this.counts.failedRequests += 1;
    const { protocol, method, name, tags } = series;
    this.emit({
      kind: 'request',
      protocol,
      method,
      name,
      tags,
      outcome,
      failure,
      example,
      durationMs: durationUs / 1_000,
      phases: phases && plainPhases(phases),
      bytesSent,
      bytesReceived,
      timesParts: isPart,
      exchanges: protocol === 'http' ? this.exchangesOf(sample) : [],
      grpc: protocol === 'grpc' && !isPart ? this.takeCall() : undefined,
    });
  };

  lateFailure({ method, name }: SeriesKey, reason: string): void {
    this.counts.failedRequests += 1;
    this.emit({ kind: 'lateFailure', request: `${method} ${name}`.trim(), reason });
  }

  check(name: string, passed: boolean, value: unknown): void {
    this.counts.checks += 1;
    if (!passed) this.counts.failedChecks += 1;
    this.emit({ kind: 'check', name, passed, value: passed ? undefined : describeValue(value) });
  }

  leased(use: RowUse, table: string, row: unknown): void {
    this.emit({ kind: 'row', use, table, row: describeValue(row) });
  }

  metric(type: string, name: string, value: number | boolean): void {
    this.counts.metrics += 1;
    this.emit({ kind: 'metric', type, name, value: String(value) });
  }

  threw(user: string, task: string, { message, stack }: { message: string; stack: string }): void {
    this.counts.exceptions += 1;
    this.emit({ kind: 'exception', user, task, message, stack });
  }

  began(user: string, task: string): void {
    const isTask = user !== '' && task !== 'onStart' && task !== 'onStop';
    this.emit({ kind: 'began', user, task, iteration: isTask ? this.iteration : undefined });
  }

  iterated(): void {
    this.iteration += 1;
    this.onIteration();
  }

  private exchangesOf(sample: Sample): DebugExchange[] {
    const captures = this.open.get(sample) ?? this.takeStream(sample);
    this.open.delete(sample);
    return captures.map((capture) => capture.exchange());
  }

  /** An event stream is counted when its headers arrive, with a sample of its own. */
  private takeStream({ series }: Sample): HttpCapture[] {
    for (const [sample, captures] of this.open) {
      const last = captures.at(-1)!;
      if (sample.series !== series || !last.isOpen) continue;
      this.open.delete(sample);
      last.onEnded = () => this.emit({ kind: 'streamEnded', exchange: last.exchange() });
      return captures;
    }
    return [];
  }

  private takeCall(): ReturnType<GrpcCapture['call']> | undefined {
    const call = this.ended?.call();
    this.ended = undefined;
    return call;
  }
}

/** Unix time of an instant on the lane's clock. */
function toUnixMs(atMs: number): number {
  return performance.timeOrigin + performance.now() - (monotonicMs() - atMs);
}
