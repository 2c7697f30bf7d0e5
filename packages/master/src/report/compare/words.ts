import { formatDuration } from '@drumline/model';
import type { ComparedSeries, ComparedStatistic, Comparison } from './comparison.js';

type Verdict = Comparison['verdict'];

/** The statistics of which series are judged, in the order of their columns. */
export const JUDGED_COLUMNS: readonly string[] = ['p50', 'p95', 'p99', 'error rate'];

/** What a verdict means, in one sentence. */
export function meaningOf({ verdict, margin }: Pick<Comparison, 'verdict' | 'margin'>): string {
  const meanings: Readonly<Record<Verdict, string>> = {
    worse: 'The new run is worse, and not by chance.',
    better: 'The new run is better, and not by chance.',
    same: `No response time changed by more than ${margin.ratio * 100} %.`,
    'cannot-tell': 'The difference may be noise.',
  };
  return meanings[verdict];
}

const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  worse: 'worse',
  better: 'better',
  same: 'same',
  'cannot-tell': 'cannot tell',
};

export function wordOf({ verdict, reason }: Pick<ComparedStatistic, 'verdict' | 'reason'>): string {
  return reason === 'too-few-requests'
    ? 'too few requests'
    : reason === 'too-short'
      ? 'too short'
      : VERDICT_WORDS[verdict];
}

/** A series that is too short or too rare in every statistic is called so. */
export function seriesWord({ verdict, statistics }: ComparedSeries): string {
  const [first, ...others] = statistics.filter(({ name }) => JUDGED_COLUMNS.includes(name)).map(wordOf);
  return others.every((word) => word === first) ? first! : VERDICT_WORDS[verdict];
}

/** How long runs must be to tell what these cannot; undefined if these can. */
export function adviceOf({ totals, compared }: Pick<Comparison, 'totals' | 'compared'>): string | undefined {
  const open = totals.statistics.filter(
    ({ name, verdict }) => verdict === 'cannot-tell' && JUDGED_COLUMNS.includes(name),
  );
  if (open.some(({ reason }) => reason === 'too-short')) {
    const seconds = compared.toSecond - compared.fromSecond;
    return `The runs are too short to compare: ${seconds} s of the new run. Run for some minutes.`;
  }
  const lengths = open.flatMap(({ name, neededMs }) =>
    neededMs === undefined ? [] : [`${name} after about ${formatDuration(rounded(neededMs))}`],
  );
  return lengths.length === 0 ? undefined : `Longer runs would tell: ${lengths.join(', ')}.`;
}

/** Two digits are enough for an estimate: whole minutes from two minutes on. */
function rounded(ms: number): number {
  const step = ms < 120_000 ? 10_000 : 60_000;
  return Math.ceil(ms / step) * step;
}
