import { describe, expect, test } from '@jest/globals';
import type { SeriesKey } from '@drumline/model';
import { encodeHistogram } from './codec.js';
import { checkDelta, type IntervalDelta, MAX_SECONDS, type SeriesDelta } from './delta.js';
import { Histogram } from './histogram.js';
import { Totals } from './totals.js';

const noLatency = { min: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, p99_9: 0, max: 0 };

function keyOf(name: string, rest: Partial<SeriesKey> = {}): SeriesKey {
  return { protocol: 'http', method: 'GET', name, user: 'Buyer', tags: [], ...rest };
}

function seriesOf(
  key: SeriesKey,
  durationsUs: readonly number[],
  rest: Partial<SeriesDelta> = {},
): SeriesDelta {
  const histogram = new Histogram();
  for (const us of durationsUs) histogram.record(us);
  return {
    key,
    requests: durationsUs.length,
    failures: 0,
    interrupted: 0,
    bytesSent: 1,
    bytesReceived: 2,
    latency: encodeHistogram(histogram),
    errors: [],
    ...rest,
  };
}

function delta(rest: Partial<IntervalDelta>): IntervalDelta {
  return { second: 0, series: [], checks: [], metrics: [], exceptions: [], ...rest };
}

describe('Totals', () => {
  test('are zeros at first', () => {
    expect(new Totals().snapshot()).toEqual({
      totals: {
        requests: 0,
        failures: 0,
        interrupted: 0,
        bytesSent: 0,
        bytesReceived: 0,
        latencyMs: noLatency,
      },
      series: [],
      errors: [],
      checks: [],
      metrics: [],
      exceptions: [],
    });
    expect(new Totals().histogramOf(keyOf('/')).count).toBe(0);
  });

  test('give latencies in milliseconds to the microsecond', () => {
    const totals = new Totals();
    totals.add(delta({ series: [seriesOf(keyOf('/'), [123, 456])] }));
    totals.add(delta({ second: 1, series: [seriesOf(keyOf('/'), [1_789])] }));
    expect(totals.snapshot().totals.latencyMs).toEqual({
      min: 0.123,
      mean: 0.789,
      p50: 0.456,
      p90: 1.789,
      p95: 1.789,
      p99: 1.789,
      p99_9: 1.789,
      max: 1.789,
    });
  });

  test('follow every delta, also when asked in between', () => {
    const totals = new Totals();
    for (let i = 1; i <= 3; i++) {
      totals.add(delta({ series: [seriesOf(keyOf('/a'), [i * 100]), seriesOf(keyOf('/b'), [i * 1000])] }));
      const { totals: all, series } = totals.snapshot();
      expect(all.requests).toBe(2 * i);
      expect(series.map(({ latencyMs }) => latencyMs.max)).toEqual([i / 10, i]);
    }
    expect(totals.histogramOf().count).toBe(6);
    expect(totals.histogramOf(keyOf('/b')).sum).toBe(6_000);
  });

  test('hand out copies', () => {
    const totals = new Totals();
    const given = delta({ checks: [{ name: 'a', passes: 1, fails: 0 }] });
    totals.add(given);
    totals.add(given);
    totals.snapshot().checks[0]!.passes = 99;
    totals.histogramOf().record(1);
    expect(totals.snapshot().checks).toEqual([{ name: 'a', passes: 2, fails: 0 }]);
    expect(totals.histogramOf().count).toBe(0);
    expect(given.checks[0]!.passes).toBe(1);
  });

  test('sort series by protocol, name, method, user and tags', () => {
    const keys = [
      keyOf('/a', { protocol: 'grpc' }),
      keyOf('/a', { method: 'GET' }),
      keyOf('/a', { method: 'POST', user: 'Admin' }),
      keyOf('/a', { method: 'POST' }),
      keyOf('/a', { method: 'POST', tags: [['region', 'eu']] }),
      keyOf('/a', { method: 'POST', tags: [['region', 'us']] }),
      keyOf('/b', { method: 'DELETE' }),
    ];
    const totals = new Totals();
    totals.add(delta({ series: keys.toReversed().map((key) => seriesOf(key, [1])) }));
    expect(totals.snapshot().series.map(({ key }) => key)).toEqual(keys);
  });

  test('merge errors by series and text', () => {
    const totals = new Totals();
    const error = { error: 'reset', occurrences: 2, firstSeenAtMs: 500, lastSeenAtMs: 700 };
    totals.add(delta({ series: [seriesOf(keyOf('/b'), [1, 1], { failures: 2, errors: [error] })] }));
    totals.add(
      delta({
        series: [
          seriesOf(keyOf('/b'), [1], {
            failures: 1,
            errors: [{ ...error, occurrences: 1, firstSeenAtMs: 90 }],
          }),
          seriesOf(keyOf('/a'), [1], { failures: 1, errors: [{ ...error, occurrences: 1 }] }),
        ],
      }),
    );
    expect(totals.snapshot().errors).toEqual([
      { key: keyOf('/a'), ...error, occurrences: 1 },
      { key: keyOf('/b'), ...error, occurrences: 3, firstSeenAtMs: 90 },
    ]);
    expect(totals.snapshot().totals.failures).toBe(4);
  });

  test('merge metrics by kind and name, whatever the order', () => {
    const totals = new Totals();
    const values = new Histogram();
    values.record(2_500);
    values.record(7_500);
    totals.add(
      delta({
        metrics: [
          { kind: 'gauge', name: 'm', last: 5, lastAtMs: 900, min: 4, max: 5 },
          { kind: 'counter', name: 'm', sum: 2 },
          { kind: 'trend', name: 't', values: encodeHistogram(values) },
          { kind: 'rate', name: 'r', hits: 1, total: 3 },
        ],
      }),
    );
    totals.add(
      delta({
        metrics: [
          { kind: 'gauge', name: 'm', last: 1, lastAtMs: 800, min: 1, max: 9 },
          { kind: 'counter', name: 'm', sum: 3 },
          { kind: 'rate', name: 'r', hits: 0, total: 1 },
        ],
      }),
    );
    expect(totals.snapshot().metrics).toEqual([
      { kind: 'counter', name: 'm', sum: 5 },
      { kind: 'gauge', name: 'm', last: 5, min: 1, max: 9 },
      { kind: 'rate', name: 'r', hits: 1, total: 4, rate: 0.25 },
      {
        kind: 'trend',
        name: 't',
        count: 2,
        min: 2.5,
        mean: 5,
        p50: 2.501,
        p90: 7.5,
        p95: 7.5,
        p99: 7.5,
        p99_9: 7.5,
        max: 7.5,
      },
    ]);
  });
});

describe('checkDelta', () => {
  test('lets sound deltas pass', () => {
    expect(() => checkDelta(delta({ series: [seriesOf(keyOf('/'), [1, 2])] }))).not.toThrow();
  });

  test.each([
    ['a second before the start', delta({ second: -1 }), 'second -1'],
    ['half a second', delta({ second: 0.5 }), 'second 0.5'],
    ['a second after the longest run', delta({ second: MAX_SECONDS }), `second ${MAX_SECONDS}`],
    [
      'a broken histogram',
      delta({ series: [seriesOf(keyOf('/'), [], { latency: Uint8Array.of(1) })] }),
      'truncated',
    ],
    [
      'a missing response time',
      delta({ series: [seriesOf(keyOf('/'), [1], { requests: 2 })] }),
      '1 response times',
    ],
    [
      'a broken trend',
      delta({ metrics: [{ kind: 'trend', name: 't', values: new Uint8Array() }] }),
      'format',
    ],
  ])('refuses %s', (_name, broken, message) => {
    expect(() => checkDelta(broken)).toThrow(RangeError);
    expect(() => checkDelta(broken)).toThrow(message);
  });
});
