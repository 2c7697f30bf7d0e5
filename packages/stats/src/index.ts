/** Exact statistics: histograms, the recorder of a lane, and merging on worker and master. */
export { kindOfMessage } from './grouping.js';
export { addEncoded, decodeHistogram, encodeHistogram, mergeEncoded, roundHistogram } from './codec.js';
export type { ConnectionTotals } from './connections.js';
export { decodeCounts, pickCounts, type PickedCounts } from './counts/decode.js';
export { encodeCounts } from './counts/encode.js';
export { KeyDictionary } from './counts/key-dictionary.js';
export type { KeyTable } from './counts/key-table.js';
export type { CountedKey, EncodedCounts, NamedKey } from './counts/keys.js';
export { OpenIntervals, type MergedSecond, type MergeLimits } from './counts/open-intervals.js';
export { bytesOf, cutDelta, type CutDelta } from './cut.js';
export {
  checkDelta,
  MAX_SECONDS,
  requestsIn,
  type CheckDelta,
  type ConnectionDelta,
  type ConnectionKind,
  type ErrorDelta,
  type ExceptionDelta,
  type FailureSample,
  type Handshake,
  type IntervalDelta,
  type MetricDelta,
  type RareCounts,
  type ScheduleDelta,
  type SeriesDelta,
  type WindowDelta,
  type Occurrences,
} from './delta.js';
export { HeldTimes, QUANTILES_EVERY, WINDOW_BLOCK_SECONDS, type QuantilesEvery } from './windows.js';
export { errorId } from './failure-samples.js';
export { Histogram } from './histogram.js';
export type { HistorySecond, RunHistory } from './history.js';
export type {
  IntervalClosed,
  IntervalCorrected,
  IntervalEvent,
  IntervalsReset,
  IntervalState,
  PlacedEvent,
} from './interval.js';
export { IntervalBlock, type CollectedSeconds } from './interval-block.js';
export { IntervalFeed, type FedInterval, type LateCounts } from './interval-feed.js';
export { addBands, LATENCY_BANDS, NO_BANDS, type BandCounts } from './latency-bands.js';
export { summarize, type LatencySummary } from './latency.js';
export { OTHER } from './limits.js';
export { mergeDeltas, withWindows } from './merge.js';
export type { MetricTotals } from './metrics.js';
export type { PhaseMeans, PhasesDelta } from './phases.js';
export { Recorder, type ThrownException } from './recorder.js';
export type { ScheduleEvent } from './schedule.js';
export {
  latencyBars,
  SeriesSteps,
  type LatencyBar,
  type SeriesStep,
  type StepRange,
} from './series-steps.js';
export { SeriesTimeline, type SeriesPoint } from './series-timeline.js';
export { StatsTally } from './stats-tally.js';
export type { StatusCount } from './statuses.js';
export type { CountedSeries, SeriesTotals } from './tally.js';
export { SecondSum, type TimelinePoint } from './second-sum.js';
export { Timeline } from './timeline.js';
export { stepFor, type MergedStep } from './merged-steps.js';
export { latencyOf, summarizing, type DeltaSummary, type GroupOf } from './summarizing.js';
export { takeSteps } from './take-steps.js';
export { Totals, type ErrorTotals, type OtherTotals, type TotalsSnapshot } from './totals.js';
export { readTaggedName, tagSuffix } from './tagged-name.js';
export type { SpanSample } from './spans.js';
export * from './thresholds/index.js';
export * from './compare/index.js';
