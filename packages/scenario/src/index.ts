// oxlint-disable-next-line typescript/triple-slash-reference -- declares what `import` cannot: kinds of files
/// <reference path="../assets.d.ts" preserve="true" />
export { data } from './authoring/data.js';
export type { DataFile } from './runtime/tables/data-file.js';
export type {
  CsvOptions,
  DataBindings,
  DataOptions,
  DataTable,
  RowBinding,
  RowOf,
  RowsOf,
  RowsUnknownHere,
  RowOptions,
  TextOptions,
} from './authoring/tables.js';
export type { DataSources, MakeRows } from './authoring/data-sources.js';
export type { BorrowOptions, BorrowTable, OnceOptions, OnceTable } from './authoring/leased-rows.js';
export { grpc, type GrpcSource, type LoadSchemaOptions } from './authoring/grpc.js';
export { arrivals, type ArrivalOptions } from './authoring/load/arrivals.js';
export { findLimit, type FindLimitOptions, type LimitSearch } from './authoring/load/find-limit.js';
export {
  iterations,
  type FixedLoad,
  type IterationOptions,
  type IterationsPerUser,
  type SharedIterations,
} from './authoring/load/iterations.js';
export {
  inTurn,
  type DecidedLoad,
  type InTurn,
  type Load,
  type LoadByUser,
  type Phase,
  type ScenarioLoad,
} from './authoring/load/load.js';
export { replay, type ReplayLoad, type ReplayOptions } from './authoring/load/replay.js';
export type { CountOver, RandomOptions, RateLoad, RateRamp } from './authoring/load/rates.js';
export {
  shape,
  type ShapeAnswer,
  type ShapeContext,
  type ShapeLoad,
  type ShapeOptions,
  type ShapeStats,
  type UsersInAnswer,
} from './authoring/load/shape.js';
export type { LoadRamp, LoadSpike, LoadSteps, StagedLoad } from './authoring/load/stages.js';
export { ramp, startWith, type UserLoad } from './authoring/load/users.js';
export {
  counter,
  gauge,
  rate,
  trend,
  type Counter,
  type Gauge,
  type Rate,
  type Trend,
} from './authoring/metrics.js';
export type { MetricOptions } from './authoring/metric-options.js';
export type { OnFailure, UserOnFailure } from './authoring/on-failure.js';
export { param, type ParamAbsence, type ParamOptions, type ParamValue } from './authoring/param.js';
export { scenario, setup, type Scenario, type ScenarioSpec, type Setup } from './authoring/scenario.js';
export { secrets } from './authoring/secrets.js';
export { shared } from './authoring/shared/shared.js';
export type { SharedCounter } from './authoring/shared/counter.js';
export type { SharedMap } from './authoring/shared/map.js';
export type { PopOptions, SharedQueue } from './authoring/shared/queue.js';
export {
  anyOf,
  inOrder,
  task,
  type ChoiceOptions,
  type GroupOptions,
  type TaskEntry,
  type TaskFunction,
  type TaskGroup,
  type TaskOptions,
  type Tasks,
} from './authoring/tasks.js';
export type {
  Abort,
  AbortOptions,
  CheckThreshold,
  MetricThreshold,
  RequestFilter,
  RequestThreshold,
  ThresholdSpec,
} from './authoring/thresholds.js';
export { user, type LaneGroupSpec, type UserData, type UserSpec, type UserType } from './authoring/user.js';
export {
  between,
  constant,
  exponential,
  normal,
  pacing,
  throughput,
  type PacingOptions,
  type WaitBounds,
  type WaitFunction,
  type WaitTime,
} from './authoring/wait.js';
export type {
  BackgroundContext,
  BaseContext,
  CheckOptions,
  CustomSample,
  RequestName,
  UserContext,
} from './authoring/context.js';
export type {
  IntervalContext,
  IntervalSummary,
  LaneIntervalContext,
  LaneIntervalSummary,
  MasterHookContext,
  MasterHooks,
  RunStopContext,
  RunSummary,
  WorkerHookContext,
  WorkerHooks,
} from './authoring/hooks.js';
export type {
  AwsSignatureSettings,
  EventStream,
  HttpClient,
  HttpSettings,
  HttpResponse,
  OAuth2Settings,
  ServerEvent,
  TracingSettings,
  WsAnswer,
  WsClient,
  WsConnection,
  WsMessage,
} from '@drumline/drivers';
export type {
  BatchOptions,
  CallOptions,
  EncodedMessage,
  GrpcDuplex,
  GrpcErrorDetail,
  GrpcReply,
  GrpcService,
  GrpcStream,
  GrpcTypes,
  HealthReply,
  MetadataFields,
  ServiceOptions,
  StreamOptions,
} from '@drumline/drivers/grpc';
export type {
  CheckExpression,
  Duration,
  LoadRate,
  MetricExpression,
  RequestExpression,
} from '@drumline/model';
