import { expect, test } from '@jest/globals';
import { runSteps, type Outcome, type SeriesKey } from '@drumline/model';
import fc from 'fast-check';
import { encodeHistogram } from './codec.js';
import type { IntervalDelta } from './delta.js';
import { Histogram } from './histogram.js';
import { Recorder } from './recorder.js';
import { summarizing } from './summarizing.js';
import { Totals } from './totals.js';

const keyOf = (name: string, phase: string): SeriesKey => ({
  protocol: 'http',
  method: name === 'part' ? 'message' : 'GET',
  name,
  user: name === '/b' ? 'clerk' : 'buyer',
  tags: phase === '' ? [] : [['phase', phase]],
});

const key = fc
  .tuple(fc.constantFrom('/a', '/b', '/c', 'part'), fc.constantFrom('', 'warmUp', 'peak'))
  .map((parts) => keyOf(...parts));

const sample = fc.record({
  series: key,
  outcome: fc.constantFrom<Outcome>('passed', 'passed', 'failed', 'interrupted'),
  failure: fc.constantFrom('status 503', 'timed out after 3s', 'timed out after 4s'),
  endedAtMs: fc.integer({ min: 0, max: 4_000 }),
  durationUs: fc.nat(5_000_000),
  lateMs: fc.constantFrom(0, 0, 12),
  bytesSent: fc.nat(1_000),
  bytesReceived: fc.nat(1_000),
});

/** What a lane counted, with a check and a metric. */
function recorded(samples: readonly Parameters<Recorder['record']>[0][]): IntervalDelta[] {
  const recorder = new Recorder(0);
  for (const one of samples.toSorted((a, b) => a.endedAtMs - b.endedAtMs)) {
    recorder.record(one);
    recorder.check('is fine', one.outcome === 'passed');
    recorder.counter('orders', 2, one.endedAtMs);
  }
  return recorder.close(5_000);
}

test('the summary of deltas is that of the totals, also with response times that follow later', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(sample, { maxLength: 30 }), { minLength: 1, maxLength: 3 }),
      key,
      fc.array(fc.nat(1_000_000), { maxLength: 5 }),
      (lanes, windowKey, times) => {
        const histogram = new Histogram();
        for (const time of times) histogram.record(time);
        const window = { key: windowKey, fromSecond: 0, latency: encodeHistogram(histogram) };
        const none = { checks: [], metrics: [], exceptions: [] };
        const deltas = [...lanes.flatMap(recorded), { second: 2, series: [], ...none, windows: [window] }];
        const totals = new Totals();
        for (const delta of deltas) totals.add(delta);
        const { snapshot, untimed } = runSteps(summarizing(deltas));
        expect(snapshot).toEqual(totals.snapshot());
        expect(untimed).toBe(totals.untimed);
      },
    ),
  );
});

test('groups of series have the requests of their series', () => {
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 40 }), (samples) => {
      const deltas = recorded(samples);
      const { snapshot, groups } = runSteps(
        summarizing(deltas, [({ user }) => user, ({ tags }) => tags[0]?.[1]]),
      );
      const [users, phases] = groups;
      const sum = (of: (one: SeriesKey) => boolean): number =>
        snapshot.series.reduce((all, one) => all + (of(one.key) ? one.requests : 0), 0);
      for (const [name, { requests }] of users!) expect(requests).toBe(sum(({ user }) => user === name));
      for (const [name, { requests }] of phases!)
        expect(requests).toBe(sum(({ tags }) => tags[0]?.[1] === name));
      expect([...phases!.keys()]).toEqual([...phases!.keys()].toSorted());
    }),
  );
});
