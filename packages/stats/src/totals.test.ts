import { describe, expect, test } from '@jest/globals';
import type { SeriesKey } from '@drumline/model';
import { encodeHistogram } from './codec.js';
import {
  checkDelta,
  type ConnectionDelta,
  type ConnectionKind,
  type IntervalDelta,
  MAX_SECONDS,
  type SeriesDelta,
} from './delta.js';
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

const HANDSHAKE = { protocol: 'h2', tlsVersion: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } as const;

function connectionsOf(kind: ConnectionKind, tcpUs: readonly number[], tlsUs = tcpUs): ConnectionDelta {
  const [dns, tcp, tls] = [tcpUs.map(() => 0), tcpUs, tlsUs].map((times) => {
    const histogram = new Histogram();
    for (const us of times) histogram.record(us);
    return encodeHistogram(histogram);
  }) as [Uint8Array, Uint8Array, Uint8Array];
  return { kind, opened: tcpUs.length, dns, tcp, tls };
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
        resends: 0,
        bytesSent: 0,
        bytesReceived: 0,
        latencyMs: noLatency,
      },
      series: [],
      errors: [],
      checks: [],
      metrics: [],
      exceptions: [],
      connections: [],
      schedule: [],
      failureSamples: [],
    });
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

  test('include every delta, even if queried in between', () => {
    const totals = new Totals();
    for (let i = 1; i <= 3; i++) {
      totals.add(delta({ series: [seriesOf(keyOf('/a'), [i * 100]), seriesOf(keyOf('/b'), [i * 1000])] }));
      const { totals: all, series } = totals.snapshot();
      expect(all.requests).toBe(2 * i);
      expect(series.map(({ latencyMs }) => latencyMs.max)).toEqual([i / 10, i]);
    }
    expect(totals.snapshot().series.map(({ latencyMs }) => latencyMs.mean)).toEqual([0.2, 2]);
  });

  test('return copies', () => {
    const totals = new Totals();
    const given = delta({ checks: [{ name: 'a', passes: 1, fails: 0 }] });
    totals.add(given);
    totals.add(given);
    totals.snapshot().checks[0]!.passes = 99;
    expect(totals.snapshot().checks).toEqual([{ name: 'a', passes: 2, fails: 0 }]);
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

  test('give phases as means over the requests that have them', () => {
    const totals = new Totals();
    const phases = { requests: 2, queuedMs: 1, connectMs: 2, sendMs: 0.5, waitMs: 31, receiveMs: 4 };
    totals.add(delta({ series: [seriesOf(keyOf('/a'), [1, 1, 1], { phases }), seriesOf(keyOf('/b'), [1])] }));
    totals.add(delta({ series: [seriesOf(keyOf('/a'), [1, 1], { phases: { ...phases, waitMs: 1 } })] }));
    const { totals: all, series } = totals.snapshot();
    const means = { queued: 0.5, connect: 1, send: 0.25, wait: 8, receive: 2 };
    expect(all.phasesMs).toEqual(means);
    expect(series.map(({ phasesMs }) => phasesMs)).toEqual([means, undefined]);
  });

  test('merge connections by kind, sorted', () => {
    const totals = new Totals();
    const plain = { protocol: 'http/1.1', tlsVersion: '', cipher: '', handshake: 'none' } as const;
    const full = { ...HANDSHAKE, handshake: 'full' } as const;
    const resumed = { ...HANDSHAKE, handshake: 'resumed' } as const;
    totals.add(delta({ connections: [connectionsOf(plain, [200], []), connectionsOf(full, [900])] }));
    expect(totals.snapshot().connections.map(({ opened }) => opened)).toEqual([1, 1]);
    totals.add(delta({ connections: [connectionsOf(resumed, [300]), connectionsOf(plain, [400], [])] }));
    const connections = totals.snapshot().connections;
    expect(connections).toMatchObject([
      { ...full, opened: 1, tcpMs: { p50: 0.9 }, tlsMs: { p50: 0.9 } },
      { ...resumed, opened: 1, tlsMs: { p50: 0.3 } },
      { ...plain, opened: 2, dnsMs: { max: 0 }, tcpMs: { min: 0.2, mean: 0.3, max: 0.4 } },
    ]);
    expect(connections[2]).not.toHaveProperty('tlsMs');
  });

  test('add up starts by phase and user type, sorted', () => {
    const totals = new Totals();
    const starts = { user: 'buyer', phase: 'rate', started: 5, late: 1, dropped: 0, skipped: 2 };
    totals.add(delta({ schedule: [starts, { ...starts, phase: '' }] }));
    totals.add(delta({ schedule: [{ ...starts, started: 0, late: 0, dropped: 7, skipped: 0 }] }));
    expect(totals.snapshot().schedule).toEqual([
      { ...starts, phase: '' },
      { ...starts, dropped: 7 },
    ]);
  });

  test('count connections beyond 100 kinds as one', () => {
    const totals = new Totals();
    for (let lane = 0; lane < 3; lane++) {
      const connections = Array.from({ length: 60 }, (_, i) =>
        connectionsOf({ ...HANDSHAKE, cipher: `${lane} ${i}`, handshake: 'full' }, [100]),
      );
      totals.add(delta({ connections }));
    }
    const { connections } = totals.snapshot();
    expect(connections).toHaveLength(101);
    expect(connections[0]).toMatchObject({ protocol: '(other)', handshake: 'mixed', opened: 80 });
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

  test('merge metrics by kind and name, in any order', () => {
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
  test('accepts valid deltas', () => {
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
      'a broken histogram of a window',
      delta({ windows: [{ key: keyOf('/'), fromSecond: 0, latency: Uint8Array.of(1) }] }),
      'truncated',
    ],
    ['a broken histogram of coarse times', delta({ coarseLatency: Uint8Array.of(1) }), 'truncated'],
    [
      'more phases than requests',
      delta({
        series: [
          seriesOf(keyOf('/'), [1], {
            phases: { requests: 2, queuedMs: 0, connectMs: 0, sendMs: 0, waitMs: 0, receiveMs: 0 },
          }),
        ],
      }),
      'phases of 2 requests',
    ],
    [
      'more late starts than starts',
      delta({ schedule: [{ user: 'buyer', phase: '', started: 1, late: 2, dropped: 0, skipped: 0 }] }),
      'buyer: 2 late starts of 1',
    ],
    [
      'connections without their times',
      delta({ connections: [{ ...connectionsOf({ ...HANDSHAKE, handshake: 'full' }, [1]), opened: 2 }] }),
      'h2: 2 connections opened',
    ],
    [
      'a broken time of TLS',
      delta({
        connections: [{ ...connectionsOf({ ...HANDSHAKE, handshake: 'full' }, [1]), tls: new Uint8Array() }],
      }),
      'format',
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
