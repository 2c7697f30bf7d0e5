// Seconds in which a lane cannot keep up are marked in a real run.
import { expect, test } from '@jest/globals';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Cluster } from '../support/drumline.js';

test.each([
  ['warn', 'passed', 0],
  ['fail', 'untrusted', 20],
])('a lane that computes all the time is marked; --untrusted %s exits with %s', async (mode, exit, code) => {
  const target = await startTarget();
  await using cluster = await Cluster.start('busy', ['-H', target.url, '-t', '4s', '--untrusted', mode]);
  cluster.addWorker('w1');
  const result = await cluster.result();
  await target.close();
  expect(result).toMatchObject({ exit, code });
  expect(result.totals.requests).toBe(target.count);
  const marked = result.timeline.filter(({ untrusted }) => untrusted !== undefined);
  expect(marked.length).toBeGreaterThan(0);
  expect(new Set(marked.flatMap(({ untrusted }) => untrusted))).toEqual(new Set(['w1']));
  const seconds = result.untrusted!.reduce((sum, span) => sum + span.seconds, 0);
  expect(seconds).toBe(marked.length);
  expect(result.untrusted![0]).toMatchObject({ worker: 'w1', cause: expect.stringContaining('lane 0') });
  expect(result.untrustedNote).toMatch(new RegExp(`^Worker w1 was the bottleneck in ${seconds} seconds?: `));
});
