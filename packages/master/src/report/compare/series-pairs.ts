import { seriesId, type SeriesKey } from '@drumline/model';
import { Sample } from '@drumline/stats';
import type { RunResult } from '@drumline/wire';
import type { Remark } from './comparison.js';
import { keyOf } from '../timed-series.js';
import type { RunUnits } from './read-units.js';

/** Most series that are compared: the busiest. */
const MOST_SERIES = 100;

/** The series that both runs have. */
export interface SeriesPairs {
  readonly both: readonly {
    readonly key: SeriesKey;
    readonly samples: readonly [before: Sample, after: Sample];
  }[];
  readonly remarks: readonly Remark[];
}

/** The series of a run: those that it had, and those of its compared seconds. */
export interface ComparedSeries {
  readonly name: 'baseline' | 'new run';
  readonly result: RunResult;
  readonly units: RunUnits;
}

/** The busiest series of both runs, in the order of the new run. */
export function seriesPairs(baseline: ComparedSeries, newRun: ComparedSeries): SeriesPairs {
  const [before, after] = [baseline.units, newRun.units];
  const requestsOf = (units: readonly { readonly requests: number }[]): number =>
    units.reduce((sum, { requests }) => sum + requests, 0);
  const common = [...after.series.values()].filter(({ key }) => before.series.has(seriesId(key)));
  const busiest = new Set(
    common.toSorted((a, b) => requestsOf(b.units) - requestsOf(a.units)).slice(0, MOST_SERIES),
  );
  const remarks = [...lackingIn(newRun, baseline), ...lackingIn(baseline, newRun)];
  if (common.length > MOST_SERIES) {
    const message = `Only the ${MOST_SERIES} busiest of ${common.length} series are compared one by one.`;
    remarks.push({ code: 'series-limit', message });
  }
  return {
    both: [...busiest].map(({ key, units }) => ({
      key,
      samples: [new Sample(before.series.get(seriesId(key))!.units), new Sample(units)],
    })),
    remarks,
  };
}

/** Which compared series of one run the other one lacks, in all or in its compared seconds. */
function lackingIn(run: ComparedSeries, other: ComparedSeries): Remark[] {
  const lacking = [...other.units.series.values()].filter(({ key }) => !run.units.series.has(seriesId(key)));
  const had = new Set(run.result.series.map((one) => seriesId(keyOf(one))));
  const absent = lacking.filter(({ key }) => !had.has(seriesId(key)));
  const leftOut = lacking.filter(({ key }) => had.has(seriesId(key)));
  const remarks: Remark[] = [];
  if (absent.length > 0) {
    const message = `Only the ${other.name} has the requests ${listOf(absent)}.`;
    remarks.push({ code: 'series-differ', message });
  }
  if (leftOut.length > 0) {
    const message = `The compared seconds of the ${run.name} have no requests ${listOf(leftOut)}.`;
    remarks.push({ code: 'series-left-out', message });
  }
  return remarks;
}

function listOf(series: readonly { readonly key: SeriesKey }[]): string {
  const names = series.map(({ key }) => `${key.method} ${key.name}`.trim());
  const some = names.slice(0, 3).map((name) => `'${name}'`);
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `${some.join(', ')}${more}`;
}
