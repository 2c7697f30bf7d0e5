import { comparableName } from '@drumline/model';
import {
  estimate,
  judgeChange,
  MIN_UNITS,
  type ChangeVerdict,
  type Estimate,
  type Margins,
  type Resampled,
  type Statistic,
} from '@drumline/stats';
import type { ComparedCounts, ComparedStatistic } from './comparison.js';

const RESAMPLES = 1_000;
/** A quantile needs this many requests above it. */
const ABOVE_QUANTILE = 10;

/** The statistics on which the verdict depends. */
export const JUDGED: readonly Statistic[] = [
  { kind: 'quantile', q: 0.5 },
  { kind: 'quantile', q: 0.95 },
  { kind: 'quantile', q: 0.99 },
  { kind: 'error-rate' },
];
export const SHOWN: readonly Statistic[] = [...JUDGED, { kind: 'mean' }, { kind: 'rate' }];
const JUDGED_NAMES = JUDGED.map(comparableName);

export type Pair<T> = readonly [before: T, after: T];

/** Judges all requests, or those of a series, of two runs. */
export class Judge {
  private readonly estimates: Pair<ReadonlyMap<string, Estimate>>;
  private readonly isLong: boolean;

  /**
   * @param wanted the statistics that are needed
   * @param seconds length of the shorter run
   */
  constructor(
    private readonly samples: Pair<Resampled>,
    wanted: readonly Statistic[],
    private readonly seconds: number,
    private readonly margins: Margins,
    random: () => number,
  ) {
    this.isLong = samples.every(({ used }) => used >= MIN_UNITS);
    const [before, after] = samples.map((sample) => {
      const estimates = this.isLong ? estimate(sample, wanted, random, RESAMPLES) : guess(sample, wanted);
      return new Map(wanted.map((statistic, i) => [comparableName(statistic), estimates[i]!]));
    });
    this.estimates = [before!, after!];
  }

  /** @param wrong probability of a wrong verdict on each statistic */
  counts(wrong: number): ComparedCounts {
    const statistics = SHOWN.map((statistic) => this.statistic(statistic, wrong));
    const judged = statistics.filter(({ name }) => JUDGED_NAMES.includes(name));
    return {
      requests: { before: this.samples[0].requests, after: this.samples[1].requests },
      verdict: VERDICTS.find((one) => judged.some(({ verdict }) => verdict === one))!,
      statistics,
    };
  }

  statistic(statistic: Statistic, wrong: number): ComparedStatistic {
    const name = comparableName(statistic);
    const [before, after] = this.estimates.map((estimates) => estimates.get(name)!) as [Estimate, Estimate];
    const { timesAsLong, ...judged } = judgeChange(statistic, before, after, this.margins, wrong);
    const unit = statistic.kind === 'quantile' || statistic.kind === 'mean' ? 1_000 : 1;
    const figures = { name, ...judged, before: judged.before / unit, after: judged.after / unit };
    const reason = this.reasonAgainst(statistic);
    if (reason) return { ...figures, verdict: 'cannot-tell', reason };
    if (timesAsLong === undefined) return figures;
    return { ...figures, neededMs: Math.ceil(this.seconds * timesAsLong) * 1_000 };
  }

  /** Why a verdict is impossible. */
  private reasonAgainst(statistic: Statistic): ComparedStatistic['reason'] {
    if (!this.isLong) return 'too-short';
    if (statistic.kind !== 'quantile') return undefined;
    const isRare = this.samples.some(({ requests }) => requests * (1 - statistic.q) < ABOVE_QUANTILE);
    return isRare ? 'too-few-requests' : undefined;
  }
}

/** In the order in which they decide: `better` if something is better and nothing worse. */
const VERDICTS: readonly ChangeVerdict[] = ['worse', 'better', 'cannot-tell', 'same'];

/** Values without their uncertainty. */
function guess(sample: Resampled, statistics: readonly Statistic[]): Estimate[] {
  const once = new Uint8Array(sample.size).fill(1);
  return sample.values(statistics, once).map((value) => ({ value, error: NaN, blocks: NaN }));
}
