import type { CallObserver } from '@drumline/drivers/grpc';
import type { HttpDriverOptions, WsDriverOptions } from '@drumline/drivers';
import type { RowUse, Sample, SeriesKey } from '@drumline/model';
import type { MetricSink } from '@drumline/scenario/runtime';

/** Watches what the users of a lane do, for debugging. A lane of a run has none. */
export interface LaneObserver {
  readonly exchange: NonNullable<HttpDriverOptions['onExchange']>;
  readonly grpcCall: CallObserver;
  readonly wsMessage: WsDriverOptions['onMessage'];
  /** A request has been counted, of any protocol. */
  readonly sample: (sample: Sample) => void;
  /** A request was marked as failed after it was counted as passed. */
  lateFailure(series: SeriesKey, reason: string): void;
  /** @param value what was checked */
  check(name: string, passed: boolean, value: unknown): void;
  /** A user has taken or borrowed a row of test data. */
  leased(use: RowUse, table: string, row: unknown): void;
  metric(type: keyof MetricSink, name: string, value: number | boolean): void;
  /** The scenario's code threw something that counts as an exception. */
  threw(user: string, task: string, thrown: { readonly message: string; readonly stack: string }): void;
  /** A task begins, or `onStart`, `onStop`, `setup` or `teardown`. */
  began(user: string, task: string): void;
  /** The user's iteration has ended. */
  iterated(): void;
}
