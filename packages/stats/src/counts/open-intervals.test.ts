import { describe, expect, test } from '@jest/globals';
import type { SeriesKey } from '@drumline/model';
import { encodeHistogram } from '../codec.js';
import type { IntervalDelta } from '../delta.js';
import { Histogram } from '../histogram.js';
import { Totals } from '../totals.js';
import { encodeCounts } from './encode.js';
import { KeyDictionary } from './key-dictionary.js';
import { OpenIntervals } from './open-intervals.js';

const LATER = { newestSecond: 1_000 };

function keyOf(name: string, rest: Partial<SeriesKey> = {}): SeriesKey {
  return { protocol: 'http', method: 'GET', name, user: 'Buyer', tags: [], ...rest };
}

/** A second in which each series had some requests of a millisecond. */
function delta(second: number, names: readonly (string | SeriesKey)[], requests = 1): IntervalDelta {
  const latency = new Histogram();
  latency.record(1_000, requests);
  return {
    second,
    series: names.map((name) => ({
      key: typeof name === 'string' ? keyOf(name) : name,
      requests,
      failures: 0,
      interrupted: 0,
      bytesSent: 10,
      bytesReceived: 20,
      latency: encodeHistogram(latency),
      errors: [],
    })),
    checks: [],
    metrics: [],
    exceptions: [],
  };
}

/** Sends deltas as a worker does whose master knows no keys. */
function merge(intervals: OpenIntervals, deltas: IntervalDelta[], limits = LATER): unknown {
  const report = encodeCounts(deltas, new KeyDictionary());
  const keys = intervals.keyTable();
  keys.learn(report);
  return intervals.merge(report, keys, limits);
}

const requestsOf = (taken: IntervalDelta | undefined): unknown =>
  taken && Object.fromEntries(taken.series.map(({ key, requests }) => [key.name, requests]));

describe('open intervals', () => {
  test('add up the workers by second and series', () => {
    const intervals = new OpenIntervals();
    expect(merge(intervals, [delta(3, ['/a', '/b']), delta(4, ['/a'])])).toEqual([
      { second: 3, requests: 2 },
      { second: 4, requests: 1 },
    ]);
    merge(intervals, [delta(3, ['/b', '/c'], 5)]);
    expect(intervals.changed).toEqual([3, 4]);
    expect(requestsOf(intervals.take(3))).toEqual({ '/a': 1, '/b': 6, '/c': 5 });
    expect(intervals.changed).toEqual([4]);
  });

  test('give what a second gains after it was taken, and nothing twice', () => {
    const intervals = new OpenIntervals();
    merge(intervals, [delta(3, ['/a', '/b'])]);
    intervals.take(3);
    expect(intervals.take(3)).toBeUndefined();
    merge(intervals, [delta(3, ['/b'], 2)]);
    expect(requestsOf(intervals.take(3))).toEqual({ '/b': 2 });
  });

  test('do not count series that time parts of requests as requests', () => {
    const intervals = new OpenIntervals();
    expect(merge(intervals, [delta(0, ['/a', keyOf('pay', { protocol: 'step', method: '' })])])).toEqual([
      { second: 0, requests: 1 },
    ]);
    expect(requestsOf(intervals.take(0))).toEqual({ '/a': 1, pay: 1 });
  });

  test('count series beyond the limit together, with a sketch of them in one delta', () => {
    const intervals = new OpenIntervals(2);
    merge(intervals, [delta(0, ['/a', '/b', '/c', '/d'])]);
    const taken = intervals.take(0)!;
    expect(requestsOf(taken)).toEqual({ '/a': 1, '/b': 1, '(other)': 2 });
    merge(intervals, [delta(1, ['/b', '/c'])]);
    const later = intervals.take(1)!;
    expect(requestsOf(later)).toEqual({ '/b': 1, '(other)': 1 });
    const totals = new Totals(2);
    for (const one of [taken, later]) totals.add(one);
    // Two listed series, the `(other)` series, and two in the sketch.
    expect(totals.distinctSeries).toBe(5);
  });

  test('list the series of a resumed run first', () => {
    const intervals = new OpenIntervals(2, [keyOf('/x')]);
    merge(intervals, [delta(0, ['/a', '/b', '/x'])]);
    expect(requestsOf(intervals.take(0))).toEqual({ '/x': 1, '/a': 1, '(other)': 1 });
  });

  test('keep every second of a backlog, although few seconds are open at a time', () => {
    const intervals = new OpenIntervals();
    const seconds = Array.from({ length: 60 }, (_, second) => second);
    for (let worker = 0; worker < 3; worker += 1) {
      merge(
        intervals,
        seconds.map((second) => delta(second, ['/a', `/${worker}`])),
      );
    }
    expect(intervals.changed).toEqual(seconds);
    for (const second of seconds) {
      expect(requestsOf(intervals.take(second))).toEqual({ '/a': 3, '/0': 1, '/1': 1, '/2': 1 });
    }
    expect(intervals.changed).toEqual([]);
  });

  test('leave out, but report, what was counted before a reset', () => {
    const intervals = new OpenIntervals();
    const limits = { ...LATER, fromSecond: 5 };
    expect(merge(intervals, [delta(4, ['/a'], 3), delta(5, ['/a'])], limits)).toEqual([
      { second: 4, requests: 3 },
      { second: 5, requests: 1 },
    ]);
    expect(intervals.changed).toEqual([5]);
  });

  test.each<[string, IntervalDelta[]]>([
    ['a second that has not begun', [delta(3, ['/a']), delta(1_001, ['/a'])]],
    [
      'a metric of a second that has not begun',
      [delta(3, ['/a']), { ...delta(1_001, []), metrics: [{ kind: 'counter', name: 'orders', sum: 1 }] }],
    ],
    ['more response times than requests', [delta(3, ['/a']), withSeries({ requests: 0 })]],
    ['more statuses than requests', [delta(3, ['/a']), withSeries({ statuses: [[200, 2]] })]],
    ['a window of later seconds', [delta(3, ['/a']), withWindow(5, 4)]],
    ['a window over two blocks of ten seconds', [delta(3, ['/a']), withWindow(9, 10)]],
    [
      'more phases than requests',
      [
        delta(3, ['/a']),
        withSeries({
          phases: { requests: 2, queuedMs: 0, connectMs: 0, sendMs: 0, waitMs: 1, receiveMs: 0 },
        }),
      ],
    ],
    ['a histogram that is none', [delta(3, ['/a']), withSeries({ latency: Uint8Array.of(1, 1, 5, 5, 6) })]],
    ['connections without times', [delta(3, ['/a']), withConnections()]],
  ])('merge nothing of a report with %s', (_, deltas) => {
    const intervals = new OpenIntervals();
    expect(() => merge(intervals, deltas)).toThrow(RangeError);
    expect(intervals.changed).toEqual([]);
  });
});

function withSeries(change: Partial<IntervalDelta['series'][0]>): IntervalDelta {
  const plain = delta(4, ['/b']);
  return { ...plain, series: [{ ...plain.series[0]!, ...change }] };
}

function withWindow(fromSecond: number, second: number): IntervalDelta {
  const [{ key, latency }] = delta(4, ['/b']).series as [IntervalDelta['series'][0]];
  return { ...delta(second, []), windows: [{ key, fromSecond, latency }] };
}

function withConnections(): IntervalDelta {
  const kind = { protocol: 'h2', tlsVersion: '', cipher: '', handshake: 'none' } as const;
  const none = encodeHistogram(new Histogram());
  return { ...delta(4, []), connections: [{ kind, opened: 1, dns: none, tcp: none, tls: none }] };
}

describe('the keys of a worker', () => {
  test('are needed once; a report with unknown keys is not merged', () => {
    const intervals = new OpenIntervals();
    const [dictionary, keys] = [new KeyDictionary(), intervals.keyTable()];
    const first = encodeCounts([delta(0, ['/a'])], dictionary);
    expect(intervals.merge(first, keys, LATER)).toBeUndefined();
    expect(intervals.changed).toEqual([]);
    keys.learn(first);
    expect(intervals.merge(first, keys, LATER)).toHaveLength(1);
    dictionary.acknowledge(first.dictionary, first.keys);

    const second = encodeCounts([delta(1, ['/a', '/b'])], dictionary);
    const unknown = dictionary.unknown(second.dictionary, second.keys);
    expect(unknown).toEqual([[1, keyOf('/b')]]);
    expect(intervals.merge(second, keys, LATER)).toBeUndefined();
    keys.learn({ ...second, keys: unknown });
    expect(intervals.merge(second, keys, LATER)).toHaveLength(1);
    expect(requestsOf(intervals.take(1))).toEqual({ '/a': 1, '/b': 1 });
  });

  test('are all sent again after the worker has forgotten what the master knows', () => {
    const dictionary = new KeyDictionary();
    const report = encodeCounts([delta(0, ['/a', '/b'])], dictionary);
    dictionary.acknowledge(report.dictionary, report.keys);
    expect(dictionary.unknown(report.dictionary, report.keys)).toEqual([]);
    expect(dictionary.forget()).toBe(true);
    expect(dictionary.unknown(report.dictionary, report.keys)).toEqual(report.keys);
    expect(dictionary.forget()).toBe(false);
  });

  test('begin anew in another dictionary when there are too many', () => {
    const intervals = new OpenIntervals();
    const [dictionary, keys] = [new KeyDictionary(), intervals.keyTable()];
    const names = Array.from({ length: 40_000 }, (_, index) => `/${index}`);
    const many = encodeCounts([delta(0, names)], dictionary);
    keys.learn(many);
    expect(intervals.merge(many, keys, LATER)).toEqual([{ second: 0, requests: 40_000 }]);
    dictionary.acknowledge(many.dictionary, many.keys);

    const next = encodeCounts([delta(1, ['/7'])], dictionary);
    expect(next.dictionary).toBe(many.dictionary + 1);
    expect(intervals.merge(next, keys, LATER)).toBeUndefined();
    keys.learn({ ...next, keys: dictionary.unknown(next.dictionary, next.keys) });
    expect(intervals.merge(next, keys, LATER)).toEqual([{ second: 1, requests: 1 }]);
    // A late repetition of the first report.
    keys.learn(many);
    expect(requestsOf(intervals.take(1))).toEqual({ '/7': 1 });
    expect(dictionary.unknown(many.dictionary, many.keys)).toHaveLength(40_000);
  });

  test('are refused if they are too many, or contradict each other', () => {
    const intervals = new OpenIntervals();
    const keys = intervals.keyTable();
    keys.learn({ dictionary: 1, keys: [[0, keyOf('/a')]] });
    keys.learn({ dictionary: 1, keys: [[0, keyOf('/a')]] });
    expect(() => keys.learn({ dictionary: 1, keys: [[0, keyOf('/b')]] })).toThrow(RangeError);
    expect(() => keys.learn({ dictionary: 1, keys: [[0, '/a']] })).toThrow(RangeError);
    expect(() => keys.learn({ dictionary: 1, keys: [[65_536, '/a']] })).toThrow(RangeError);
  });
});
