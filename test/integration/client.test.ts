// A program that controls a run with `drumline/client`.
import { expect, test } from '@jest/globals';
import { connect, type RunEventView } from 'drumline/client';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Cluster, eventually } from '../support/drumline.js';

test('the events of a run continue after a crash of its master, up to the end', async () => {
  const target = await startTarget();
  await using _ = { [Symbol.asyncDispose]: () => target.close() };
  await using cluster = await Cluster.start('steady', ['-H', target.url, '-u', '3', '-t', '5m']);
  cluster.addWorker('w1');
  const run = connect({ url: cluster.api }).run();
  const events: RunEventView[] = [];
  const seconds = (): number => events.filter(({ type }) => type === 'interval').length;
  const following = (async () => {
    for await (const event of run.events()) events.push(event);
  })();
  await eventually(() => (seconds() > 1 ? true : undefined));

  expect(await run.setUsers(5, { spawnRate: 100 })).toMatchObject({ state: 'running' });
  await cluster.until(({ users }) => users === 5);
  const remark = await run.annotate('five users');
  await cluster.killMaster();
  const before = seconds();
  cluster.startMasterAgain();
  await eventually(() => (seconds() > before + 1 ? true : undefined));
  await cluster.until(({ state, users }) => state === 'running' && users === 5);

  expect(await run.annotations()).toEqual([remark]);
  const [each, coarse] = await Promise.all([run.timeline(), run.timeline({ points: 3 })]);
  expect(coarse.points.length).toBeLessThanOrEqual(3);
  expect(coarse.annotations).toEqual([remark]);
  // The second that is going on has no point yet.
  expect(each.points.at(-1)!.users).toBe(5);
  const inFirst = each.points.slice(0, coarse.stepSeconds);
  expect(coarse.points[0]!.requests).toBe(inFirst.reduce((sum, { requests }) => sum + requests, 0));
  expect(coarse.points[0]!.p50Ms).toBeGreaterThan(0);

  expect(await run.stop()).toMatchObject({ state: 'draining' });
  await following;
  const { code, verdict, annotations } = await cluster.result();
  expect(annotations).toEqual([remark]);
  const numbers = events.flatMap((event) => (event.type === 'interval' ? [event.number] : []));
  expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
  expect(events.at(-1)).toMatchObject({ type: 'end', exitCode: code, verdict });
  expect(events.filter(({ type }) => type === 'end')).toHaveLength(1);
});
