import { statusText, timesParts } from '@drumline/model';
import { readTaggedName, type Histogram } from '@drumline/stats';
import type { OutputRun } from '../output.js';
import type { RunSums } from '../sums/run-sums.js';
import { exemplarOf } from '../sums/exemplars.js';
import type { Distribution, Family, Point } from './family.js';
import { LabelNames, labelsOf, type Labels } from './labels.js';
import { METRICS, type MetricName } from './metrics.js';

/** Bounds of classic buckets for durations, in seconds. */
export const DURATION_BOUNDS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];
/** Bounds for custom trends, whose unit is not known: 0.01 to 1,000,000. */
const TREND_BOUNDS: readonly number[] = [-2, -1, 0, 1, 2, 3, 4, 5, 6].flatMap((power) =>
  power === 6 ? [1e6] : [1, 2.5, 5].map((digit) => Number(`${digit}e${power}`)),
);
const US_PER_SECOND = 1e6;
/** Trends are recorded in thousandths. */
const TREND_PER_UNIT = 1e3;

type Add = (name: MetricName, labels: Labels, value: number | Distribution) => void;
type Counts = RunSums['counts'];

/** Turns the sums of a run into the metrics that Prometheus gets. */
export class Families {
  readonly #names = new LabelNames();
  readonly #run: Labels;
  readonly #info: Labels;
  readonly #startedAtMs: number;

  constructor(
    { runId, scenario, labels, startedAt }: OutputRun,
    private readonly bounds: readonly number[] = DURATION_BOUNDS,
  ) {
    this.#run = labelsOf({ run: runId, scenario });
    this.#info = this.#names.ofRunLabels(labels);
    this.#startedAtMs = Date.parse(startedAt);
  }

  /** The metrics that have values, in the order of `METRICS`. */
  of(sums: RunSums): Family[] {
    const points = new Map<MetricName, Point[]>();
    const add: Add = (name, labels, value) => {
      const point = { labels: [...this.#run, ...labels], value };
      const known = points.get(name);
      if (known) known.push(point);
      else points.set(name, [point]);
    };
    this.#addSeries(sums, add);
    this.#addChecks(sums.counts, add);
    this.#addCustom(sums.counts, add);
    addRareCounts(sums.counts, add);
    addState(sums, add);
    add('drumline_run_info', this.#info, 1);
    return METRICS.flatMap((metric) => {
      const found = points.get(metric.name);
      return found === undefined ? [] : [{ metric, points: found }];
    });
  }

  #addSeries(sums: RunSums, add: Add): void {
    for (const { key, tally, errors } of sums.counts.series) {
      const labels = this.#names.ofSeries(key);
      const exemplars = sums.tracedOf(key).map((span) => exemplarOf(span, this.#startedAtMs));
      const latency = { ...this.#durations(tally.latency), ...(exemplars.length > 0 && { exemplars }) };
      if (timesParts(key)) {
        add('drumline_part_duration_seconds', labels, latency);
        continue;
      }
      add('drumline_requests_total', labels, tally.requests);
      for (const [code, responses] of tally.statuses.delta() ?? [])
        add('drumline_responses_total', [...labels, ['status', statusText(code)]], responses);
      add('drumline_request_failures_total', labels, tally.failures);
      add('drumline_requests_interrupted_total', labels, tally.interrupted);
      add('drumline_sent_bytes_total', labels, tally.bytesSent);
      add('drumline_received_bytes_total', labels, tally.bytesReceived);
      add('drumline_request_duration_seconds', labels, latency);
      if (tally.service)
        add('drumline_request_service_duration_seconds', labels, this.#durations(tally.service));
      const phases = tally.phases.delta();
      if (phases) {
        const { queuedMs, connectMs, sendMs, waitMs, receiveMs } = phases;
        const times = {
          queued: queuedMs,
          connect: connectMs,
          send: sendMs,
          wait: waitMs,
          receive: receiveMs,
        };
        for (const [name, ms] of Object.entries(times))
          add('drumline_request_phase_seconds_total', [...labels, ['request_phase', name]], ms / 1_000);
      }
      for (const { error, occurrences } of errors.values())
        add('drumline_errors_total', [...labels, ...labelsOf({ error })], occurrences);
    }
  }

  #addChecks({ checks }: Counts, add: Add): void {
    for (const { name, passes, fails } of checks.values()) {
      const labels = this.#ofName('check', name);
      add('drumline_checks_total', [...labels, ['outcome', 'pass']], passes);
      add('drumline_checks_total', [...labels, ['outcome', 'fail']], fails);
    }
  }

  #addCustom({ metrics }: Counts, add: Add): void {
    for (const metric of metrics.scalars) {
      const labels = this.#ofName('metric', metric.name);
      if (metric.kind === 'counter') add('drumline_custom_total', labels, metric.sum);
      else if (metric.kind === 'gauge') add('drumline_custom_value', labels, metric.last);
      else {
        add('drumline_custom_rate_hits_total', labels, metric.hits);
        add('drumline_custom_rate_observations_total', labels, metric.total);
        if (metric.total > 0) add('drumline_custom_rate_ratio', labels, metric.hits / metric.total);
      }
    }
    for (const { name, values } of metrics.trends)
      add('drumline_custom_trend', this.#ofName('metric', name), {
        histogram: values,
        perUnit: TREND_PER_UNIT,
        bounds: TREND_BOUNDS,
      });
  }

  #ofName(label: string, text: string): Labels {
    const { name, tags } = readTaggedName(text);
    return [...labelsOf({ [label]: name }), ...this.#names.ofTags(tags)];
  }

  #durations(histogram: Histogram): Distribution {
    return { histogram, perUnit: US_PER_SECOND, bounds: this.bounds };
  }
}

function addRareCounts({ exceptions, schedule, connections }: Counts, add: Add): void {
  const thrown = sumBy(exceptions.values(), ({ user, task }) => ({ user, task }));
  for (const [labels, ones] of thrown)
    add(
      'drumline_exceptions_total',
      labels,
      sumOf(ones, ({ occurrences }) => occurrences),
    );
  for (const { user, phase, started, late, dropped, skipped } of schedule.totals()) {
    const labels = labelsOf({ user, phase });
    add('drumline_starts_total', labels, started);
    add('drumline_starts_late_total', labels, late);
    add('drumline_starts_dropped_total', labels, dropped);
    add('drumline_starts_skipped_total', labels, skipped);
  }
  const opened = sumBy(connections.totals(), ({ protocol, tlsVersion, handshake }) => ({
    protocol,
    tls_version: tlsVersion,
    handshake,
  }));
  for (const [labels, ones] of opened)
    add(
      'drumline_connections_opened_total',
      labels,
      sumOf(ones, ({ opened: count }) => count),
    );
}

function addState({ state, plannedUsers, untrustedSeconds, thresholds, outputs }: RunSums, add: Add): void {
  for (const { name: output, to, state: is, droppedSeconds } of outputs()) {
    const labels = labelsOf({ output, to });
    add('drumline_output_dropped_seconds_total', labels, droppedSeconds);
    add('drumline_output_up', labels, is === 'running' ? 1 : 0);
  }
  add('drumline_untrusted_seconds_total', [], untrustedSeconds);
  for (const { expression, of, state: is } of thresholds)
    add('drumline_threshold_broken', labelsOf({ expression, of }), is === 'broken' ? 1 : 0);
  if (state === undefined) return;
  add('drumline_users', [], state.users);
  if (plannedUsers !== undefined) add('drumline_users_planned', [], plannedUsers);
  add('drumline_users_cut_off', [], state.cutOffUsers);
  if (state.plannedRate !== undefined) add('drumline_rate_planned', [], state.plannedRate);
  add('drumline_workers', [['state', 'present']], state.workers.present);
  add('drumline_workers', [['state', 'missing']], state.workers.missing);
  add('drumline_busiest_lane_ratio', [], state.busiestLane);
}

/** Groups what has the same labels. */
function sumBy<T>(all: Iterable<T>, labels: (one: T) => Record<string, string>): [Labels, T[]][] {
  const groups = new Map<string, [Labels, T[]]>();
  for (const one of all) {
    const own = labelsOf(labels(one));
    const id = JSON.stringify(own);
    const group = groups.get(id);
    if (group) group[1].push(one);
    else groups.set(id, [own, [one]]);
  }
  return [...groups.values()];
}

function sumOf<T>(all: readonly T[], count: (one: T) => number): number {
  return all.reduce((sum, one) => sum + count(one), 0);
}
