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
  type MetricDelta,
  type SeriesDelta,
} from '@drumline/stats';
import type { RunEventView } from '@drumline/wire';
import type { OutputRun } from '../output.js';
import { PlannedUsers } from '../planned-users.js';
import { line, type Field } from './line.js';

type Tags = readonly (readonly [string, string])[];
type Fields = Readonly<Record<string, Field>>;

const NS_PER_MS = 1_000_000n;

/** Makes points in line protocol of what a run counts. */
export class Points {
  private readonly tags: Tags;
  private readonly startedAtMs: number;
  private readonly planned = new PlannedUsers();

  constructor(
    private readonly prefix: string,
    { runId, scenario, startedAt }: OutputRun,
  ) {
    this.tags = [
      ['run', runId],
      ['scenario', scenario],
    ];
    this.startedAtMs = Date.parse(startedAt);
  }

  closed({ second, counts, state }: IntervalClosed): string[] {
    const atNs = this.atNs(second);
    const sum = SecondSum.of(counts);
    const plannedUsers = this.planned.of(state);
    const fields = {
      ...stateFields(state),
      ...(plannedUsers !== undefined && integers({ planned_users: plannedUsers })),
      ...sumFields(sum),
      ...quantiles(sum.latency),
    };
    return [...this.point('run', [], fields, atNs), ...this.counted(counts, atNs, quantiles)];
  }

  /**
   * What a second has gained. A point replaces an earlier one of the same instant, so each
   * correction is later by its position in nanoseconds. Another master that repeats it replaces it.
   * Quantiles of it alone would mislead.
   */
  corrected({ second, counts }: IntervalCorrected, position: number): string[] {
    const atNs = this.atNs(second) + BigInt(position);
    const nothing = (): Fields => ({});
    return [
      ...this.point('run', [], sumFields(SecondSum.of(counts)), atNs),
      ...this.counted(counts, atNs, nothing),
    ];
  }

  event(event: RunEventView, nowMs: number): string[] {
    const { type } = event;
    // The seconds are written from what was counted in them.
    if (type === 'interval' || type === 'correction') return [];
    const atMs = 'at' in event ? Date.parse(event.at) : nowMs;
    return this.point('events', [['type', type]], { text: JSON.stringify(event) }, BigInt(atMs) * NS_PER_MS);
  }

  private counted(
    counts: IntervalDelta,
    atNs: bigint,
    quantilesOf: (latency: Histogram) => Fields,
  ): string[] {
    const lines: string[] = [];
    for (const series of withWindows(counts).series) {
      const tags = tagsOf(series.key);
      lines.push(...this.point('requests', tags, seriesFields(series, quantilesOf), atNs));
      for (const [code, responses] of series.statuses ?? [])
        lines.push(
          ...this.point('responses', [...tags, ['status', statusText(code)]], integers({ responses }), atNs),
        );
      for (const { error, occurrences } of series.errors)
        lines.push(
          ...this.point('errors', [...tags, ['error', error]], integers({ requests: occurrences }), atNs),
        );
    }
    for (const { name, passes, fails } of counts.checks)
      lines.push(...this.point('checks', named('check', name), integers({ passes, fails }), atNs));
    for (const metric of counts.metrics) {
      const tags: Tags = [['kind', metric.kind], ...named('metric', metric.name)];
      lines.push(...this.point('metrics', tags, metricFields(metric), atNs));
    }
    return lines;
  }

  private point(name: string, tags: Tags, fields: Fields, atNs: bigint): string[] {
    const text = line(`${this.prefix}${name}`, [...this.tags, ...tags], fields, atNs);
    return text === undefined ? [] : [text];
  }

  private atNs(second: number): bigint {
    return BigInt(this.startedAtMs + second * 1_000) * NS_PER_MS;
  }
}

function tagsOf(key: SeriesKey): Tags {
  const { protocol, method, name, user, tags } = key;
  return [
    ['protocol', protocol],
    ['method', method],
    ['name', name],
    ['user', user],
    // Not requests, so that sums leave them out.
    ['part', timesParts(key) ? 'true' : ''],
    ...tags.map(([tag, value]) => [`tag_${tag}`, value] as const),
  ];
}

function named(kind: string, text: string): Tags {
  const { name, tags = [] } = readTaggedName(text);
  return [[kind, name], ...tags.map(([tag, value]) => [`tag_${tag}`, value] as const)];
}

function seriesFields(series: SeriesDelta, quantilesOf: (latency: Histogram) => Fields): Fields {
  const { requests, failures, interrupted, bytesSent, bytesReceived } = series;
  const latency = decodeHistogram(series.latency);
  return {
    ...integers({ requests, failures, interrupted, sent_bytes: bytesSent, received_bytes: bytesReceived }),
    ...timeFields(latency),
    ...quantilesOf(latency),
  };
}

function sumFields(sum: SecondSum): Fields {
  const { requests, failures, interrupted, exceptions, started, late, dropped, skipped } = sum;
  return {
    ...integers({ requests, failures, interrupted, failed_checks: sum.failedChecks, exceptions }),
    ...integers({ started, late, dropped, skipped }),
    ...timeFields(sum.latency),
  };
}

/** Figures that can be added up: the mean is `response_ms` divided by `responses`. */
function timeFields(latency: Histogram): Fields {
  if (latency.count === 0) return {};
  return {
    responses: BigInt(latency.count),
    response_ms: latency.sum / 1_000,
    min_ms: latency.min / 1_000,
    max_ms: latency.max / 1_000,
  };
}

function quantiles(latency: Histogram): Fields {
  if (latency.count === 0) return {};
  const [p50, p90, p95, p99] = latency.quantiles([0.5, 0.9, 0.95, 0.99]) as [number, number, number, number];
  return { p50_ms: p50 / 1_000, p90_ms: p90 / 1_000, p95_ms: p95 / 1_000, p99_ms: p99 / 1_000 };
}

function stateFields({ users, plannedRate, cutOffUsers, workers, busiestLane }: IntervalState): Fields {
  return {
    ...integers({ users, cut_off_users: cutOffUsers }),
    ...integers({ workers_present: workers.present, workers_missing: workers.missing }),
    planned_rate: plannedRate,
    busiest_lane: busiestLane,
  };
}

function metricFields(metric: MetricDelta): Fields {
  switch (metric.kind) {
    case 'counter':
      return { value: metric.sum };
    case 'gauge':
      return { value: metric.last, min: metric.min, max: metric.max };
    case 'rate':
      return integers({ hits: metric.hits, total: metric.total });
    case 'trend': {
      const values = decodeHistogram(metric.values);
      if (values.count === 0) return {};
      const [p50, p95, p99] = values.quantiles([0.5, 0.95, 0.99]) as [number, number, number];
      const thousandths = { value: values.sum, min: values.min, max: values.max, p50, p95, p99 };
      const fields = Object.entries(thousandths).map(([name, value]) => [name, value / 1_000] as const);
      return { total: BigInt(values.count), ...Object.fromEntries(fields) };
    }
  }
}

function integers(counts: Readonly<Record<string, number>>): Fields {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, BigInt(count)]));
}
