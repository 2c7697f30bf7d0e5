// Too many request names, as with ids in URLs: the number of series is limited, and the totals are
// exact.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { Cluster, eventually } from '../support/drumline.js';

let target: Target;
beforeEach(async () => {
  target = await startTarget();
});
afterEach(async () => {
  await target.close();
});

/** The result of a run that ends after the target has received this many requests. */
async function resultAfter(requests: number, workers: number, ...args: string[]): Promise<RunResult> {
  const expected = ['--expect-workers', String(workers)];
  await using cluster = await Cluster.start('many-names', ['-H', target.url, ...expected, ...args]);
  for (let n = 1; n <= workers; n += 1) cluster.addWorker(`w${n}`);
  await eventually(() => (target.count >= requests ? true : undefined));
  await cluster.order('stop');
  return await cluster.result();
}

const sumOf = (rows: readonly { requests: number }[]): number =>
  rows.reduce((sum, { requests }) => sum + requests, 0);

describe('five thousand names from two workers', () => {
  test('become a thousand series and one for all others, with a note; the sums equal the target’s count', async () => {
    const { totals, series, timeline, workers, checks, notes, exit } = await resultAfter(6_000, 2);
    expect(target.count).toBe(6_000);
    expect([totals.requests, sumOf(series), sumOf(timeline), sumOf(workers)]).toEqual(
      Array.from({ length: 4 }, () => target.count),
    );
    expect(series).toHaveLength(1_001);
    expect(series.filter(({ name }) => name === '(other)')).toMatchObject([{ protocol: 'http', user: '' }]);
    expect(checks).toHaveLength(1_001);
    expect(checks.reduce((sum, { passes }) => sum + passes, 0)).toBe(target.count);
    const { message } = notes.find(({ code }) => code === 'series-limit')!;
    const [, seen] = /about (\d+) different series .*, but the limit is 1000\..*`name:`/.exec(message)!;
    expect(Math.abs(Number(seen) - 5_000)).toBeLessThanOrEqual(500);
    expect(exit).toBe('stopped-early');
  });
});

test('--max-series sets the number of separate series', async () => {
  const { totals, series } = await resultAfter(100, 1, '--max-series', '10');
  expect(series).toHaveLength(11);
  expect([totals.requests, sumOf(series)]).toEqual([target.count, target.count]);
});
