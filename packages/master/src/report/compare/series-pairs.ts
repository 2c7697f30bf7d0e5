import { seriesId, type SeriesKey } from '@drumline/model';
import { Sample } from '@drumline/stats';
import type { Remark } from './comparison.js';
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

/** The busiest series of both runs, in the order of the new run. */
export function seriesPairs(before: RunUnits, after: RunUnits): SeriesPairs {
  const requestsOf = (units: readonly { readonly requests: number }[]): number =>
    units.reduce((sum, { requests }) => sum + requests, 0);
  const common = [...after.series.values()].filter(({ key }) => before.series.has(seriesId(key)));
  const busiest = new Set(
    common.toSorted((a, b) => requestsOf(b.units) - requestsOf(a.units)).slice(0, MOST_SERIES),
  );
  const remarks: Remark[] = [];
  const only = (these: RunUnits, others: RunUnits): string[] =>
    [...these.series.values()]
      .filter(({ key }) => !others.series.has(seriesId(key)))
      .map(({ key }) => `${key.method} ${key.name}`.trim());
  const lacking: readonly [string, string[]][] = [
    ['baseline', only(before, after)],
    ['new run', only(after, before)],
  ];
  for (const [where, names] of lacking) {
    if (names.length === 0) continue;
    const some = names.slice(0, 3).map((name) => `'${name}'`);
    const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
    remarks.push({
      code: 'series-differ',
      message: `Only the ${where} has the requests ${some.join(', ')}${more}.`,
    });
  }
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
