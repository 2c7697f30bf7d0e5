import { describe, expect, test } from '@jest/globals';
import type { Sample, SeriesKey } from '@drumline/model';
import { decodeHistogram } from './codec.js';
import type { IntervalDelta, SeriesDelta } from './delta.js';
import { Recorder } from './recorder.js';
import { Totals } from './totals.js';

const key: SeriesKey = { protocol: 'http', method: 'GET', name: '/', user: 'Buyer', tags: [] };

function sample(endedAtMs: number, rest: Partial<Sample> = {}): Sample {
  return {
    series: key,
    outcome: 'passed',
    endedAtMs,
    durationUs: 1500,
    bytesSent: 10,
    bytesReceived: 200,
    ...rest,
  };
}

function requestsBySecond(deltas: readonly IntervalDelta[]): [number, number][] {
  return deltas.map(({ second, series }) => [
    second,
    series.reduce((sum, { requests }) => sum + requests, 0),
  ]);
}

function only(deltas: readonly IntervalDelta[]): SeriesDelta {
  expect(deltas).toHaveLength(1);
  expect(deltas[0]!.series).toHaveLength(1);
  return deltas[0]!.series[0]!;
}

describe('a second', () => {
  test('is returned once', () => {
    const recorder = new Recorder(10_000);
    recorder.record(sample(10_400));
    recorder.record(sample(10_999.9));
    expect(requestsBySecond(recorder.close(11_000))).toEqual([[0, 2]]);
    expect(recorder.close(11_500)).toEqual([]);
  });

  test('without samples is omitted', () => {
    const recorder = new Recorder(0);
    recorder.record(sample(100));
    recorder.record(sample(7_100));
    expect(requestsBySecond(recorder.close(20_000))).toEqual([
      [0, 1],
      [7, 1],
    ]);
  });

  test('that is open is returned on close', () => {
    const recorder = new Recorder(0);
    recorder.record(sample(900));
    recorder.record(sample(1_200));
    expect(requestsBySecond(recorder.close(1_300))).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  test('contains the requests that ended in it, even if the event loop was blocked', () => {
    const recorder = new Recorder(0);
    for (const ms of [500, 1_500, 1_600, 6_700, 6_800, 7_000]) recorder.record(sample(ms));
    expect(requestsBySecond(recorder.close(7_100))).toEqual([
      [0, 1],
      [1, 2],
      [6, 2],
      [7, 1],
    ]);
  });

  test('also contains late requests whose second is closed', () => {
    const recorder = new Recorder(0);
    recorder.record(sample(2_100));
    recorder.record(sample(1_900));
    expect(requestsBySecond(recorder.close(2_500))).toEqual([[2, 2]]);
  });

  test('is second 0 for requests that ended before the start', () => {
    const recorder = new Recorder(5_000);
    recorder.record(sample(1_000));
    recorder.record(sample(5_100));
    expect(requestsBySecond(recorder.close(5_200))).toEqual([[0, 2]]);
  });

  test('follows corrections of the clock', () => {
    const recorder = new Recorder(0);
    recorder.record(sample(2_900));
    recorder.setOrigin(200);
    recorder.record(sample(3_100));
    recorder.record(sample(3_250));
    recorder.setOrigin(-5_000);
    recorder.record(sample(3_300));
    expect(requestsBySecond(recorder.close(3_300))).toEqual([
      [2, 2],
      [3, 1],
      [8, 1],
    ]);
  });
});

describe('a series', () => {
  test('counts outcomes and bytes, and response times except those of interrupted requests', () => {
    const recorder = new Recorder(1_000);
    recorder.record(sample(1_010));
    recorder.record(sample(1_020, { outcome: 'failed', failure: 'status 503', durationUs: 9_000 }));
    recorder.record(sample(1_030, { outcome: 'failed', failure: 'status 503', durationUs: 8_000 }));
    recorder.record(sample(1_040, { outcome: 'interrupted', durationUs: 777 }));
    const { latency, ...series } = only(recorder.close(1_050));
    expect(series).toEqual({
      key,
      requests: 4,
      failures: 2,
      interrupted: 1,
      bytesSent: 40,
      bytesReceived: 800,
      errors: [{ error: 'status 503', occurrences: 2, firstSeenAtMs: 20, lastSeenAtMs: 30 }],
    });
    const histogram = decodeHistogram(latency);
    expect([histogram.count, histogram.min, histogram.max]).toEqual([3, 1_500, 9_000]);
  });

  test('is the same for equal keys, and starts at zero each second', () => {
    const recorder = new Recorder(0);
    recorder.record(sample(1));
    recorder.record(sample(2, { series: { ...key, tags: [] } }));
    recorder.record(sample(3, { series: { ...key, name: '/other' }, durationUs: 50_000 }));
    recorder.record(sample(1_001, { series: { ...key }, durationUs: 70 }));
    const [first, second] = recorder.close(1_100);
    expect(first!.series.map(({ key: { name }, requests }) => [name, requests])).toEqual([
      ['/', 2],
      ['/other', 1],
    ]);
    const { requests, latency } = only([second!]);
    expect([requests, decodeHistogram(latency).max]).toEqual([1, 70]);
  });

  test('is found again after many key objects', () => {
    const recorder = new Recorder(0);
    for (let i = 0; i < 10_000; i++) recorder.record(sample(1, { series: { ...key } }));
    expect(only(recorder.close(2)).requests).toBe(10_000);
  });

  test('counts a failure in the second in which it is declared', () => {
    const recorder = new Recorder(0);
    recorder.record(sample(900));
    recorder.fail(key, 'basket empty', 1_050);
    const [first, second] = recorder.close(1_100);
    expect(only([first!])).toMatchObject({ requests: 1, failures: 0, errors: [] });
    expect(only([second!])).toMatchObject({
      requests: 0,
      failures: 1,
      errors: [{ error: 'basket empty', occurrences: 1, firstSeenAtMs: 1_050, lastSeenAtMs: 1_050 }],
    });
  });

  test('counts bytes between requests in the second of their transfer', () => {
    const recorder = new Recorder(0);
    recorder.record(sample(900));
    recorder.transferred(key, 5, 40, 1_050);
    const [first, second] = recorder.close(1_100);
    expect(only([first!])).toMatchObject({ requests: 1, bytesSent: 10, bytesReceived: 200 });
    expect(only([second!])).toMatchObject({ requests: 0, bytesSent: 5, bytesReceived: 40 });
    const totals = new Totals();
    for (const delta of [first!, second!]) totals.add(delta);
    expect(totals.snapshot().totals).toMatchObject({ requests: 1, bytesSent: 15, bytesReceived: 240 });
  });
});

describe('phases', () => {
  const phases = { queuedMs: 1, connectMs: 0, sendMs: 0.125, waitMs: 10.5, receiveMs: 0.25 };

  test('are added up over requests with phases and a response time', () => {
    const recorder = new Recorder(0);
    recorder.record(sample(1, { phases }));
    recorder.record(sample(2, { outcome: 'failed', failure: 'status 503', phases }));
    recorder.record(sample(3, { outcome: 'interrupted', phases }));
    recorder.record(sample(4));
    expect(only(recorder.close(5))).toMatchObject({
      requests: 4,
      phases: { requests: 2, queuedMs: 2, connectMs: 0, sendMs: 0.25, waitMs: 21, receiveMs: 0.5 },
    });
  });

  test('are absent without phases, and start at zero each second', () => {
    const recorder = new Recorder(0);
    recorder.record(sample(1, { phases }));
    recorder.record(sample(1_001));
    recorder.record(sample(2_001, { phases }));
    const [first, second, third] = recorder.close(2_100);
    expect(only([second!])).not.toHaveProperty('phases');
    expect(only([third!]).phases).toEqual(only([first!]).phases);
  });

  test('that are invalid become 0', () => {
    const recorder = new Recorder(0);
    recorder.record(sample(1, { phases: { ...phases, sendMs: Number.NaN, receiveMs: -3 } }));
    expect(only(recorder.close(2)).phases).toMatchObject({ sendMs: 0, waitMs: 10.5, receiveMs: 0 });
  });
});

describe('opened connections', () => {
  const plain = { protocol: 'http/1.1', dnsMs: 0.5, tcpMs: 2, tlsMs: 0 };
  const tls = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', resumed: false };
  const secure = { protocol: 'h2', dnsMs: 0.5, tcpMs: 2, tlsMs: 7, tls };

  test('are counted by kind, with the times to open them', () => {
    const recorder = new Recorder(0);
    recorder.record(sample(1, { opened: [plain] }));
    recorder.record(sample(2, { opened: [secure, { ...secure, tls: { ...tls, resumed: true } }] }));
    recorder.record(sample(3, { outcome: 'interrupted', opened: [{ ...plain, tcpMs: 4 }] }));
    const [delta] = recorder.close(4);
    const counted = delta!.connections!.map(({ kind, opened, dns, tcp, tls: handshakes }) => [
      kind,
      opened,
      ...[dns, tcp, handshakes].map((times) => decodeHistogram(times)).map(({ count, sum }) => [count, sum]),
    ]);
    const secured = { protocol: 'h2', tlsVersion: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' };
    expect(counted).toEqual([
      [
        { protocol: 'http/1.1', tlsVersion: '', cipher: '', handshake: 'none' },
        2,
        [2, 1_000],
        [2, 6_000],
        [0, 0],
      ],
      [{ ...secured, handshake: 'full' }, 1, [1, 500], [1, 2_000], [1, 7_000]],
      [{ ...secured, handshake: 'resumed' }, 1, [1, 500], [1, 2_000], [1, 7_000]],
    ]);
  });

  test('are absent from a second without any', () => {
    const recorder = new Recorder(0);
    recorder.record(sample(1, { opened: [plain] }));
    recorder.record(sample(1_001));
    recorder.record(sample(2_001, { opened: [plain] }));
    const [first, second, third] = recorder.close(2_100);
    expect(second).not.toHaveProperty('connections');
    expect(third!.connections).toEqual(first!.connections);
  });

  test('beyond 100 kinds are counted together', () => {
    const recorder = new Recorder(0);
    const cipherOf = (i: number) => ({ ...secure, tls: { ...tls, cipher: `cipher ${i}` } });
    for (let i = 0; i < 130; i++) recorder.record(sample(1, { opened: [cipherOf(i)] }));
    recorder.record(sample(1, { opened: [plain, cipherOf(0)] }));
    const connections = recorder.close(2)[0]!.connections!;
    expect(connections).toHaveLength(101);
    expect(connections[0]).toMatchObject({ kind: { cipher: 'cipher 0' }, opened: 2 });
    const other = { protocol: '(other)', tlsVersion: '', cipher: '', handshake: 'mixed' };
    expect(connections[100]).toMatchObject({ kind: other, opened: 31 });
    expect(decodeHistogram(connections[100]!.tls).count).toBe(30);
  });
});

describe('a custom metric, check or exception', () => {
  test('is added up in its second', () => {
    const recorder = new Recorder(0);
    recorder.check('has title', true);
    recorder.check('has title', false);
    recorder.check('has title', true);
    recorder.counter('orders', 2, 10);
    recorder.counter('orders', 3, 20);
    recorder.gauge('queue', 7, 30);
    recorder.gauge('queue', 3, 40);
    recorder.gauge('queue', 5, 40);
    recorder.rate('cache', true, 50);
    recorder.rate('cache', false, 60);
    recorder.trend('size', 1.5, 70);
    recorder.trend('size', 2.5, 80);
    const [delta] = recorder.close(100);
    expect(delta!.checks).toEqual([{ name: 'has title', passes: 2, fails: 1 }]);
    const [orders, queue, cache, size] = delta!.metrics;
    expect(orders).toEqual({ kind: 'counter', name: 'orders', sum: 5 });
    expect(queue).toEqual({ kind: 'gauge', name: 'queue', last: 5, lastAtMs: 40, min: 3, max: 7 });
    expect(cache).toEqual({ kind: 'rate', name: 'cache', hits: 1, total: 2 });
    expect(size).toMatchObject({ kind: 'trend', name: 'size' });
    if (size?.kind === 'trend') expect(decodeHistogram(size.values).sum).toBe(4_000);
  });

  test('must have a finite value', () => {
    const recorder = new Recorder(0);
    expect(() => recorder.counter('orders', Number.NaN, 1)).toThrow(
      'metric orders: NaN is not a finite number',
    );
    expect(() => recorder.gauge('queue', Infinity, 1)).toThrow(RangeError);
    expect(() => recorder.trend('size', -Infinity, 1)).toThrow(RangeError);
    expect(recorder.close(2)).toEqual([]);
  });

  test('of the same user, task, message and stack is counted together', () => {
    const recorder = new Recorder(0);
    const thrown = { user: 'Buyer', task: 'buy', message: 'no', stack: 'at buy' };
    recorder.exception(thrown, 10);
    recorder.exception({ ...thrown }, 1_020);
    recorder.exception({ ...thrown, task: 'look' }, 1_030);
    recorder.exception(thrown, 1_040);
    const [first, second] = recorder.close(1_100);
    expect(first!.exceptions).toEqual([{ ...thrown, occurrences: 1, firstSeenAtMs: 10, lastSeenAtMs: 10 }]);
    expect(second!.exceptions).toEqual([
      { ...thrown, occurrences: 2, firstSeenAtMs: 1_020, lastSeenAtMs: 1_040 },
      { ...thrown, task: 'look', occurrences: 1, firstSeenAtMs: 1_030, lastSeenAtMs: 1_030 },
    ]);
  });
});
