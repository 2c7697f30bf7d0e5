import { statusText, timesParts, type SeriesKey } from '@drumline/model';
import {
  decodeHistogram,
  readTaggedName,
  SecondSum,
  withWindows,
  type Histogram,
  type IntervalClosed,
  type IntervalCorrected,
  type IntervalDelta,
  type IntervalState,
  type SeriesDelta,
} from '@drumline/stats';
import { PlannedUsers } from '../planned-users.js';
import { MetricLines, type Naming, type Tags } from './metric-lines.js';

export interface SecondsOptions extends Naming {
  /**
   * How many response times of each series and second are sent as timers. 0 sends quantiles as
   * gauges instead.
   */
  readonly timers: number;
}

const QUANTILES = [0.5, 0.9, 0.95, 0.99];
const QUANTILE_NAMES = ['p50', 'p90', 'p95', 'p99'];

/** Makes the lines of StatsD from the seconds of a run. */
export class Seconds {
  private readonly planned = new PlannedUsers();

  constructor(
    private readonly options: SecondsOptions,
    /** Tags of the whole run; parts of names do not include them. */
    private readonly runTags: Tags,
  ) {}

  closed({ counts, state }: IntervalClosed): string[] {
    const lines = new MetricLines(this.options);
    this.writeState(lines, state);
    const sum = SecondSum.of(counts);
    this.writeSum(lines, sum);
    this.gauges(lines, 'run.response_time', sum.latency, this.runTags);
    this.writeCounts(lines, counts, true);
    return lines.lines;
  }

  /** Counters gain what a second has gained. Gauges show the newest second, so they stay. */
  corrected({ counts }: IntervalCorrected): string[] {
    const lines = new MetricLines(this.options);
    this.writeSum(lines, SecondSum.of(counts));
    this.writeCounts(lines, counts, false);
    return lines.lines;
  }

  private writeState(lines: MetricLines, state: IntervalState): void {
    const { users, plannedRate, workers, busiestLane } = state;
    const plannedUsers = this.planned.of(state);
    lines.gauge('run.users', users, this.runTags);
    if (plannedUsers !== undefined) lines.gauge('run.users_planned', plannedUsers, this.runTags);
    if (plannedRate !== undefined) lines.gauge('run.rate_planned', plannedRate, this.runTags);
    lines.gauge('run.workers_present', workers.present, this.runTags);
    lines.gauge('run.workers_missing', workers.missing, this.runTags);
    lines.gauge('run.busiest_lane_ratio', busiestLane, this.runTags);
  }

  private writeSum(lines: MetricLines, sum: SecondSum): void {
    const { requests, failures, interrupted, exceptions, started, late, dropped, skipped } = sum;
    const counts = { requests, failures, interrupted, exceptions, started, late, dropped, skipped };
    for (const [name, count] of Object.entries(counts)) lines.counter(`run.${name}`, count, this.runTags);
  }

  private writeCounts(lines: MetricLines, counts: IntervalDelta, hasGauges: boolean): void {
    for (const series of withWindows(counts).series) this.writeSeries(lines, series, hasGauges);
    for (const { name, passes, fails } of counts.checks) {
      const tags = this.named('check', name);
      lines.counter('check.passes', passes, tags);
      lines.counter('check.fails', fails, tags);
    }
    for (const metric of counts.metrics) {
      const tags = this.named('metric', metric.name);
      if (metric.kind === 'counter') lines.counter('custom.count', metric.sum, tags);
      if (metric.kind === 'rate') {
        lines.counter('custom.hits', metric.hits, tags);
        lines.counter('custom.total', metric.total, tags);
      }
      if (!hasGauges) continue;
      if (metric.kind === 'gauge') lines.gauge('custom.value', metric.last, tags);
      if (metric.kind === 'trend') this.gauges(lines, 'custom.trend', decodeHistogram(metric.values), tags);
    }
  }

  private writeSeries(lines: MetricLines, series: SeriesDelta, hasGauges: boolean): void {
    const { key, requests, failures, interrupted, bytesSent, bytesReceived, latency, statuses = [] } = series;
    const tags = this.tagsOf(key);
    const group = timesParts(key) ? 'part.' : 'request.';
    lines.counter(`${group}count`, requests, tags);
    lines.counter(`${group}failures`, failures, tags);
    lines.counter(`${group}interrupted`, interrupted, tags);
    lines.counter(`${group}sent_bytes`, bytesSent, tags);
    lines.counter(`${group}received_bytes`, bytesReceived, tags);
    for (const [code, responses] of statuses)
      lines.counter(`${group}responses`, responses, [...tags, ['status', statusText(code)]]);
    const times = decodeHistogram(latency);
    if (this.options.timers > 0) this.timers(lines, `${group}response_time`, times, tags);
    else if (hasGauges) this.gauges(lines, `${group}response_time`, times, tags);
  }

  /** Sends quantiles in milliseconds; those of a trend in its unit. */
  private gauges(lines: MetricLines, name: string, times: Histogram, tags: Tags): void {
    if (times.count === 0) return;
    times.quantiles(QUANTILES).forEach((value, index) => {
      lines.gauge(`${name}.${QUANTILE_NAMES[index]}`, value / 1_000, tags);
    });
    lines.gauge(`${name}.mean`, times.mean / 1_000, tags);
    lines.gauge(`${name}.max`, times.max / 1_000, tags);
  }

  /** Sends response times at equal distances of rank, each for as many others. */
  private timers(lines: MetricLines, name: string, times: Histogram, tags: Tags): void {
    const sent = Math.min(times.count, this.options.timers);
    const ranks = Array.from({ length: sent }, (_, index) => (index + 0.5) / sent);
    for (const value of times.quantiles(ranks)) lines.timer(name, value / 1_000, times.count / sent, tags);
  }

  private tagsOf({ protocol, method, name, user, tags }: SeriesKey): Tags {
    const key = { protocol, method, name, user };
    const present = Object.entries(key).filter(([, value]) => value !== '');
    return [...this.runTags, ...present, ...tags];
  }

  private named(kind: string, text: string): Tags {
    const { name, tags = [] } = readTaggedName(text);
    return [...this.runTags, [kind, name], ...tags];
  }
}
