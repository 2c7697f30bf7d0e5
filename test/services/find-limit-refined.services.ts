// A search that halves the range in which the limit is, at a target that refuses more than its
// limit.
import { afterEach, expect, test } from '@jest/globals';
import { Cluster, scenarioPath } from '../support/drumline.js';
import { startSite } from '../support/site.js';

/** Requests per second that the target serves. */
const LIMIT = 150;

let onTestEnd: () => Promise<void>;
afterEach(() => onTestEnd());

test('a search that refines halves upwards and downwards, and counts what the target served', async () => {
  let [served, refused] = [0, 0];
  /** When the last requests arrived. Those before the last `LIMIT` do not matter. */
  const arrivals: number[] = [];
  const site = await startSite(() => {
    const nowMs = performance.now();
    arrivals.push(nowMs);
    const isTooMuch = arrivals.length > LIMIT && nowMs - arrivals.shift()! < 1_000;
    if (isTooMuch) refused += 1;
    else served += 1;
    return { status: isTooMuch ? 503 : 200 };
  });
  onTestEnd = () => site.close();
  await using cluster = await Cluster.start(scenarioPath('find-limit-refined'), [
    '-H',
    site.url,
    '--expect-workers',
    '2',
  ]);
  for (const name of ['w1', 'w2']) cluster.addWorker(name);
  const { totals, limit, output } = await cluster.result();
  expect(totals).toMatchObject({ requests: served + refused, failures: refused });
  const { steps } = limit!;
  // A busy machine may delay a lane. Such a step never passes.
  const untrusted = steps.filter((step) => step.untrusted !== undefined);
  expect(untrusted.filter(({ passed }) => passed)).toEqual([]);
  if (untrusted.length > 0) return;
  expect(steps.map(({ perSecond, passed }) => [perSecond, passed])).toEqual([
    [120, true],
    [200, false],
    // Before a lower rate, the target shows that it has recovered.
    [120, true],
    [160, false],
    [120, true],
    [140, true],
  ]);
  expect(limit).toMatchObject({ perSecond: 140, brokenAt: 160, reason: 'condition' });
  expect(output).toContain('The limit is 140/s: error rate < 1% did not hold at 160/s.');
});
