import type { SeriesKey } from '@drumline/model';
import {
  encodeHistogram,
  Histogram,
  seededRandom,
  tagSuffix,
  Totals,
  type IntervalClosed,
  type IntervalCorrected,
  type IntervalDelta,
  type IntervalEvent,
  type SeriesDelta,
  type TotalsSnapshot,
} from '@drumline/stats';
import type { OutputRun } from '../output.js';

export interface GeneratedOptions {
  /** By default 20. */
  readonly series?: number;
  /** By default 12. */
  readonly seconds?: number;
  /** The second after which the statistics are reset; by default never. */
  readonly resetAfter?: number;
}

export interface GeneratedRun {
  readonly run: OutputRun;
  readonly events: readonly IntervalEvent[];
  /** What all events add up to, since the last reset. */
  readonly sums: TotalsSnapshot;
}

/** Names that are hard to write into a format. */
const AWKWARD = [
  '/a b',
  '/ü,ö',
  '/q?x="1"',
  '/back\\slash',
  '/equals=1,2',
  "/it's",
  '/two\nlines',
  '/(other)',
];
const ERRORS = ['status 503', 'connect ECONNREFUSED', 'no body: "x"'];
const ABOUT_EMPTY = { checks: [], metrics: [], exceptions: [] };

/**
 * The seconds of a run with many series, tags, checks, metrics and late corrections. The same seed
 * gives the same run.
 */
export function intervalsOf(seed: number, options: GeneratedOptions = {}): GeneratedRun {
  const { series = 20, seconds = 12, resetAfter } = options;
  const random = seededRandom(seed);
  const keys = Array.from({ length: series }, (_, index) => keyOf(index));
  const events: IntervalEvent[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const counts = deltaOf(second, keys, random);
    events.push(closedOf(second, counts, random));
    if (second === resetAfter) events.push({ type: 'reset', fromSecond: second + 1 });
    const earlier = second - 1 - Math.floor(random() * 3);
    if (random() < 0.5 && earlier > (resetAfter ?? -1)) events.push(correctedOf(earlier, keys, random));
  }
  return { run: runOf(seed), events, sums: sumsOf(events) };
}

function runOf(seed: number): OutputRun {
  const tail = seed.toString(16).padStart(12, '0').slice(-12);
  return {
    runId: `00000000-0000-4000-8000-${tail}`,
    scenario: 'generated.ts',
    startedAt: '2026-01-02T03:04:05.678Z',
    labels: { branch: 'main', 'build no': '7' },
    fromSecond: 0,
  };
}

function keyOf(index: number): SeriesKey {
  const name = index < AWKWARD.length ? AWKWARD[index]! : `/items/${index}`;
  const tags: [string, string][] =
    index % 3 === 0
      ? [
          ['phase', 'ramp up'],
          ['region', 'eu "west"'],
        ]
      : [];
  if (index % 11 === 10) return { protocol: 'step', method: '', name: `buy ${index}`, user: 'buyer', tags };
  return {
    protocol: index % 5 === 4 ? 'grpc' : 'http',
    method: index % 2 === 0 ? 'GET' : 'POST',
    name,
    user: index % 4 === 3 ? 'buyer' : 'visitor',
    tags,
  };
}

function closedOf(second: number, counts: IntervalDelta, random: () => number): IntervalClosed {
  const users = 10 + Math.floor(random() * 10);
  return {
    type: 'closed',
    number: second + 1,
    second,
    counts,
    state: {
      users,
      plannedUsers: 20,
      plannedRate: 100,
      cutOffUsers: 0,
      workers: { present: 2, missing: 0 },
      busiestLane: random(),
    },
    completeThrough: second,
  };
}

function correctedOf(second: number, keys: readonly SeriesKey[], random: () => number): IntervalCorrected {
  const series = seriesOf(second, keys, random);
  return { type: 'corrected', number: second + 1, second, counts: { second, series, ...ABOUT_EMPTY } };
}

function deltaOf(second: number, keys: readonly SeriesKey[], random: () => number): IntervalDelta {
  const count = (most: number): number => Math.floor(random() * most);
  const atMs = second * 1_000 + 500;
  return {
    second,
    series: seriesOf(second, keys, random),
    checks: [
      { name: 'status is 200', passes: count(50), fails: count(5) },
      { name: `has body${tagSuffix({ phase: 'ramp up' })}`, passes: count(50), fails: 0 },
    ],
    metrics: [
      { kind: 'counter', name: 'orders', sum: count(20) },
      { kind: 'gauge', name: 'queue length', last: count(9), lastAtMs: atMs, min: 0, max: 9 },
      { kind: 'rate', name: `hit${tagSuffix({ cache: 'a=b' })}`, hits: count(10), total: 10 },
      { kind: 'trend', name: 'cart value', values: histogramOf(count(10), random, 1_000) },
    ],
    exceptions: [
      {
        user: 'visitor',
        task: 'home',
        message: 'it broke',
        stack: 'Error: it broke',
        occurrences: 1 + count(3),
        firstSeenAtMs: atMs,
        lastSeenAtMs: atMs,
      },
    ],
    schedule: [
      { user: 'visitor', phase: '', started: 10 + count(10), late: count(5), dropped: count(3), skipped: 0 },
    ],
  };
}

/** About half of the series, in any second. */
function seriesOf(second: number, keys: readonly SeriesKey[], random: () => number): SeriesDelta[] {
  return keys.filter(() => random() < 0.5).map((key) => oneSeries(key, second, random));
}

function oneSeries(key: SeriesKey, second: number, random: () => number): SeriesDelta {
  const requests = 1 + Math.floor(random() * 40);
  const failures = random() < 0.3 ? Math.floor(random() * requests) : 0;
  const interrupted = random() < 0.1 ? Math.floor(random() * (requests - failures)) : 0;
  const atMs = second * 1_000 + 250;
  const error = ERRORS[Math.floor(random() * ERRORS.length)]!;
  const timed = requests - interrupted;
  return {
    key,
    requests,
    failures,
    interrupted,
    ...statusesOf(key, failures, timed),
    bytesSent: requests * 120,
    bytesReceived: requests * 2_048,
    latency: histogramOf(timed, random, 40),
    ...(random() < 0.2 && { service: histogramOf(timed, random, 20) }),
    errors: failures > 0 ? [{ error, occurrences: failures, firstSeenAtMs: atMs, lastSeenAtMs: atMs }] : [],
  };
}

/** Failed requests have status 503 or UNAVAILABLE. */
function statusesOf({ protocol }: SeriesKey, failures: number, timed: number): Pick<SeriesDelta, 'statuses'> {
  if (protocol === 'step') return {};
  const [ok, failed] = protocol === 'grpc' ? [0, 14] : [200, 503];
  const statuses = [[ok, timed - failures] as const, [failed, failures] as const];
  const counted = statuses.filter(([, requests]) => requests > 0);
  return counted.length === 0 ? {} : { statuses: counted };
}

/** @param mostMs the values are spread up to this, with a few that are far longer */
function histogramOf(values: number, random: () => number, mostMs: number): Uint8Array {
  const histogram = new Histogram();
  for (let index = 0; index < values; index += 1) {
    const far = random() < 0.02 ? 50 : 1;
    histogram.record(1 + Math.floor(random() * mostMs * 1_000 * far));
  }
  return encodeHistogram(histogram);
}

function sumsOf(events: readonly IntervalEvent[]): TotalsSnapshot {
  let totals = new Totals();
  for (const event of events) {
    if (event.type === 'reset') totals = new Totals();
    else totals.add(event.counts);
  }
  return totals.snapshot();
}
