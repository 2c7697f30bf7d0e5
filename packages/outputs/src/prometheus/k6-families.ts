import { statusText, timesParts, type SeriesKey } from '@drumline/model';
import { readTaggedName, type Histogram } from '@drumline/stats';
import type { OutputRun } from '../output.js';
import type { RunSums } from '../sums/run-sums.js';
import type { Distribution, Family, Point } from './family.js';
import { labelsOf, type Labels } from './labels.js';
import type { MetricType } from './metrics.js';

type Counts = RunSums['counts'];
type Tally = Counts['series'][number]['tally'];
type Add = (name: string, type: MetricType, labels: Labels, value: number | Distribution) => void;

/** Statistics of a trend, as k6 names them. */
const STATS: readonly (readonly [name: string, of: (values: Histogram, quantile: Quantile) => number])[] = [
  ['min', ({ min }) => min],
  ['avg', ({ mean }) => mean],
  ['med', (_, quantile) => quantile(0.5)],
  ['max', ({ max }) => max],
  ['p90', (_, quantile) => quantile(0.9)],
  ['p95', (_, quantile) => quantile(0.95)],
  ['p99', (_, quantile) => quantile(0.99)],
  ['count', ({ count }) => count],
  ['sum', ({ sum }) => sum],
];
type Quantile = (q: number) => number;

/** Labels that tags must not replace. */
const RESERVED = new Set(['testid', 'scenario', 'name', 'method', 'status', 'url', 'proto', 'check', 'le']);
const US_PER_SECOND = 1e6;
const TREND_PER_UNIT = 1e3;

/**
 * The metrics of a run under the names of k6's output for Prometheus, so that its dashboards work.
 * https://grafana.com/docs/k6/latest/results-output/real-time/prometheus-remote-write/
 *
 * A trend is a native or classic histogram, and a gauge for each statistic. k6 has metrics that
 * Drumline does not measure; they are missing.
 */
export class K6Families {
  readonly #test: Labels;

  /** @param bounds of classic buckets in seconds */
  constructor(
    { runId, scenario, labels }: OutputRun,
    private readonly bounds: readonly number[],
  ) {
    this.#test = labelsOf({ testid: labels['testid'] ?? runId, scenario });
  }

  of({ counts, state, plannedUsers }: RunSums): Family[] {
    const families = new Map<string, { metric: Family['metric']; points: Point[] }>();
    const add: Add = (name, type, labels, value) => {
      const family = families.get(name) ?? { metric: { name, type, help: helpOf(name) }, points: [] };
      family.points.push({ labels: [...this.#test, ...labels], value });
      families.set(name, family);
    };
    for (const { key, tally } of counts.series) if (!timesParts(key)) this.#addSeries(key, tally, add);
    addTotals(counts, add);
    this.#addCustom(counts, add);
    if (state) {
      add('k6_vus', 'gauge', [], state.users);
      // With a rate, k6 shows the users that it has.
      add('k6_vus_max', 'gauge', [], plannedUsers ?? state.users);
    }
    return [...families.values()];
  }

  #addSeries(key: SeriesKey, tally: Tally, add: Add): void {
    const { protocol, method, name, tags } = key;
    const labels = [...labelsOf({ name, method, proto: protocol, url: name }), ...tagLabels(tags)];
    const prefix = protocol === 'grpc' ? 'k6_grpc' : protocol === 'ws' ? 'k6_ws' : 'k6_http';
    const { requests, failures, interrupted, phases } = tally;
    const finished = requests - interrupted;
    if (prefix === 'k6_http') {
      addByStatus(labels, tally, add);
      if (finished > 0) add('k6_http_req_failed_rate', 'gauge', labels, failures / finished);
    }
    this.#addTrend(`${prefix}_req_duration`, '_seconds', labels, tally.latency, US_PER_SECOND, add);
    const sums = phases.delta();
    if (sums === undefined || prefix !== 'k6_http') return;
    const mean = (ms: number): number => ms / sums.requests / 1_000;
    add('k6_http_req_blocked_avg', 'gauge', labels, mean(sums.queuedMs + sums.connectMs));
    add('k6_http_req_connecting_avg', 'gauge', labels, mean(sums.connectMs));
    add('k6_http_req_sending_avg', 'gauge', labels, mean(sums.sendMs));
    add('k6_http_req_waiting_avg', 'gauge', labels, mean(sums.waitMs));
    add('k6_http_req_receiving_avg', 'gauge', labels, mean(sums.receiveMs));
  }

  #addCustom({ checks, metrics }: Counts, add: Add): void {
    for (const { name: text, passes, fails } of checks.values()) {
      const { name, tags } = readTaggedName(text);
      const labels = [...labelsOf({ check: name }), ...tagLabels(tags)];
      if (passes + fails > 0) add('k6_checks_rate', 'gauge', labels, passes / (passes + fails));
    }
    for (const metric of metrics.scalars) {
      const { name, labels } = customName(metric.name);
      if (metric.kind === 'counter') add(`${name}_total`, 'counter', labels, metric.sum);
      else if (metric.kind === 'gauge') add(name, 'gauge', labels, metric.last);
      else if (metric.total > 0) add(`${name}_rate`, 'gauge', labels, metric.hits / metric.total);
    }
    for (const { name: text, values } of metrics.trends) {
      const { name, labels } = customName(text);
      this.#addTrend(name, '', labels, values, TREND_PER_UNIT, add);
    }
  }

  #addTrend(
    name: string,
    unit: '_seconds' | '',
    labels: Labels,
    histogram: Histogram,
    perUnit: number,
    add: Add,
  ): void {
    if (histogram.count === 0) return;
    const quantile = (q: number): number => histogram.quantiles([q])[0]!;
    for (const [stat, of] of STATS) {
      const value = of(histogram, quantile);
      // A histogram without a unit in its name has the same series for its count and sum.
      if (unit === '' && (stat === 'count' || stat === 'sum')) continue;
      add(`${name}_${stat}`, 'gauge', labels, stat === 'count' ? value : value / perUnit);
    }
    add(`${name}${unit}`, 'histogram', labels, { histogram, perUnit, bounds: this.bounds });
  }
}

/** A request without a response has the status 0. */
function addByStatus(labels: Labels, { requests, statuses }: Tally, add: Add): void {
  let silent = requests;
  const addOne = (status: string, expected: boolean, count: number): void =>
    add(
      'k6_http_reqs_total',
      'counter',
      [...labels, ['status', status], ['expected_response', String(expected)]],
      count,
    );
  for (const [code, responses] of statuses.delta() ?? []) {
    silent -= responses;
    addOne(statusText(code), code >= 200 && code < 400, responses);
  }
  if (silent > 0) addOne('0', false, silent);
}

function addTotals({ series, schedule }: Counts, add: Add): void {
  let [sent, received] = [0, 0];
  for (const { key, tally } of series) {
    if (timesParts(key)) continue;
    sent += tally.bytesSent;
    received += tally.bytesReceived;
  }
  add('k6_data_sent_total', 'counter', [], sent);
  add('k6_data_received_total', 'counter', [], received);
  const starts = schedule.totals();
  const started = starts.reduce((sum, one) => sum + one.started, 0);
  if (started > 0) add('k6_iterations_total', 'counter', [], started);
  const dropped = starts.reduce((sum, one) => sum + one.dropped, 0);
  add('k6_dropped_iterations_total', 'counter', [], dropped);
}

function customName(text: string): { name: string; labels: Labels } {
  const { name, tags } = readTaggedName(text);
  return { name: `k6_${sanitized(name)}`, labels: tagLabels(tags) };
}

/** Tags are labels without a prefix, unless k6 gives the label another meaning. */
function tagLabels(tags: Labels = []): Labels {
  const labels = new Map<string, string>();
  for (const [tag, value] of tags) {
    const label = sanitized(tag);
    labels.set(RESERVED.has(label) || /^\d/.test(label) ? `tag_${label}` : label, value);
  }
  return labelsOf(Object.fromEntries(labels));
}

function sanitized(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, '_');
}

function helpOf(name: string): string {
  return `As ${name} of k6.`;
}
