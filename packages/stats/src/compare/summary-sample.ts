import type { Contributions, Resampled, Statistic } from './sample.js';

/** A second of a run without a histogram. Times are microseconds. */
export interface SecondSummary {
  readonly requests: number;
  readonly failures: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/**
 * A run of which only the quantiles of its seconds are known. Its quantiles are means of those of
 * the seconds, weighted by requests, so they are comparable only with those of another such sample.
 */
export class SummarySample implements Resampled {
  readonly size: number;
  readonly requests: number;
  readonly used: number;

  constructor(private readonly seconds: readonly SecondSummary[]) {
    this.size = seconds.length;
    this.used = seconds.filter(({ requests }) => requests > 0).length;
    this.requests = seconds.reduce((sum, { requests }) => sum + requests, 0);
  }

  values(statistics: readonly Statistic[], weights: ArrayLike<number>): number[] {
    return statistics.map((statistic) => {
      const { parts, wholes } = this.contributions(statistic);
      let [part, whole] = [0, 0];
      for (let at = 0; at < this.size; at += 1) {
        part += weights[at]! * parts[at]!;
        whole += weights[at]! * wholes[at]!;
      }
      return part / whole;
    });
  }

  contributions(statistic: Statistic): Contributions {
    const { seconds } = this;
    const requests = seconds.map((second) => second.requests);
    if (statistic.kind === 'rate') return { parts: requests, wholes: seconds.map(() => 1) };
    if (statistic.kind === 'error-rate')
      return { parts: seconds.map(({ failures }) => failures), wholes: requests };
    const field = statistic.kind === 'quantile' ? FIELDS[statistic.q] : undefined;
    const parts = seconds.map((second) => (field ? second[field] * second.requests : NaN));
    return { parts, wholes: requests };
  }
}

const FIELDS: Readonly<Record<number, 'p50' | 'p95' | 'p99'>> = { 0.5: 'p50', 0.95: 'p95', 0.99: 'p99' };
