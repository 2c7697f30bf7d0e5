import type { LaneInterval, RunInterval, RunResult } from '@drumline/wire';

// The scenario package does not know these types: both build on the same layer.
declare module '@drumline/scenario' {
  // oxlint-disable-next-line typescript/no-empty-object-type -- adds the fields of the result
  interface RunSummary extends RunResult {}
  // oxlint-disable-next-line typescript/no-empty-object-type -- adds the fields of an interval
  interface IntervalSummary extends RunInterval {}
  // oxlint-disable-next-line typescript/no-empty-object-type -- adds the fields of an interval
  interface LaneIntervalSummary extends LaneInterval {}
}

export * from '@drumline/scenario';
