import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeFromCompressedBase64, HistogramLogReader, listTags } from 'hdr-histogram-js';
import type { JsHistogram } from 'hdr-histogram-js/dist/JsHistogram.js';
import { decodeHistogram, encodeHistogram, Histogram, type IntervalClosed } from '@drumline/stats';
import { feed, intervalsOf } from '../testing.js';
import { encodeHdr } from './encode.js';
import { hlog } from './index.js';

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'drumline-hlog-'))));
afterAll(() => rm(directory, { recursive: true }));

const PERCENTILES = [25, 50, 90, 99, 99.9];

test('HdrHistogram decodes every histogram to the same counts', () => {
  const values = fc.array(fc.tuple(fc.nat(4_000_000_000), fc.integer({ min: 1, max: 100_000 })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(values, (recorded) => {
      const histogram = new Histogram();
      for (const [value, times] of recorded) histogram.record(value, times);
      const { payload } = encodeHdr(encodeHistogram(histogram))!;
      // Its interface lacks what the class has.
      const decoded = decodeFromCompressedBase64(payload) as JsHistogram;
      const expected: [number, number][] = [];
      histogram.forEachBucket((bucket, count) => expected.push([bucket, count]));
      const found = expected.map(([bucket]) => [bucket, decoded.getCountAtIndex(bucket)]);
      expect(found).toEqual(expected);
      expect(decoded.totalCount).toBe(histogram.count);
    }),
  );
});

test('the log reader of HdrHistogram finds the response times of all requests and series', async () => {
  const path = join(directory, 'times.hlog');
  const generated = intervalsOf(11, { series: 30 });
  const output = await hlog.create({ name: 'hlog', url: path, options: {} });
  await feed(output, generated);
  await output.close();
  const text = await readFile(path, 'utf8');
  const { run, sums, events } = generated;

  const all = new Histogram();
  for (const event of events) {
    if (event.type === 'reset') continue;
    for (const { key, latency } of event.counts.series)
      if (key.protocol !== 'step') all.add(decodeHistogram(latency));
  }
  const total = summed(text, undefined);
  expect(total.totalCount).toBe(all.count);
  const quantiles = all.quantiles(PERCENTILES.map((at) => at / 100));
  PERCENTILES.forEach((at, index) =>
    expect(total.getValueAtPercentile(at) / quantiles[index]!).toBeCloseTo(1, 3),
  );
  const tags = listTags(text).filter((tag) => tag !== 'NO TAG');
  expect(tags).toHaveLength(sums.series.length);
  const counts = tags.map((tag) => summed(text, tag).totalCount);
  const expected = sums.series.map(({ requests, interrupted }) => requests - interrupted);
  expect(counts.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));

  const first = events.find((event): event is IntervalClosed => event.type === 'closed')!;
  const interval = new HistogramLogReader(text).nextIntervalHistogram()!;
  const startMs = Date.parse(run.startedAt) + first.second * 1_000;
  expect([interval.startTimeStampMsec, interval.endTimeStampMsec]).toEqual([
    expect.closeTo(startMs, 0),
    expect.closeTo(startMs + 1_000, 0),
  ]);
});

/** What the intervals with a tag add up to, or those without one. */
function summed(text: string, tag: string | undefined): ReturnType<typeof decodeFromCompressedBase64> {
  const reader = new HistogramLogReader(text);
  let sum: ReturnType<typeof decodeFromCompressedBase64> | undefined;
  for (let next = reader.nextIntervalHistogram(); next; next = reader.nextIntervalHistogram()) {
    if ((next.tag === 'NO TAG' ? undefined : next.tag) !== tag) continue;
    if (sum) sum.add(next);
    else sum = next;
  }
  return sum!;
}
