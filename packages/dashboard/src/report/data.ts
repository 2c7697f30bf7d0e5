import type { RunResult, TimedSeries } from '@drumline/client';
import { resultRun } from '../run/result-run.js';
import type { RunSource } from '../run/run-source.js';
import { type PackedResult, packResult, unpackResult } from './packed.js';
import { type PackedSeries, packSeries, unpackSeries } from './packed-series.js';

/** The data of a report. */
export interface ReportData extends PackedResult {
  readonly series: PackedSeries;
}

/** @param timed the series that are known over the time of the run */
export function packReport(result: RunResult, timed: readonly TimedSeries[]): ReportData {
  return { ...packResult(result), series: packSeries(result, timed) };
}

/** What a report shows. */
interface Shown {
  readonly run: RunSource;
  readonly timed: readonly TimedSeries[];
}

export function openReport(data: ReportData): Shown {
  const result = unpackResult(data);
  const timed = unpackSeries(result.series, data.series);
  return { run: resultRun(result, data.timeline, timed), timed };
}
