// Iterations, users and runs that the scenario ends, checked in the report of a real run and at
// the target.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { Cluster } from '../support/drumline.js';

let target: Target;
beforeEach(async () => {
  target = await startTarget();
});
afterEach(async () => {
  await target.close();
});

test('iterations, users and background work end as the scenario defines, and all requests are counted', async () => {
  await using cluster = await Cluster.start('control-flow', ['-H', target.url]);
  cluster.addWorker('w1');
  const result = await cluster.result();
  const requests: Record<string, number> = Object.fromEntries(
    result.series.map(({ name, requests: count }) => [name, count]),
  );
  const several = expect.any(Number) as unknown as number;
  expect(requests).toEqual({
    'failed login': several,
    'before the end': several,
    once: 1,
    'once: stop': 1,
    'left at start: stop': 1,
    'start of unable': 2,
    carefree: several,
    strict: 1,
    impatient: several,
    'sleeper: login': 1,
    'sleeper: stop': 1,
    poll: several,
    'walk 1': several,
    'walk 2': several,
    'walk 3': several,
    'holds a request': several,
    'holds none': several,
    journey: several,
    'first half': several,
    broken: several,
    left: several,
  });
  const ofHttp = result.series.filter(({ protocol }) => protocol === 'http');
  expect(ofHttp.reduce((sum, series) => sum + series.requests, 0)).toBe(target.count);
  // Steps are rows but not part of the totals.
  const parts = result.series.filter(({ part }) => part);
  expect(parts.map(({ protocol, name }) => `${protocol} ${name}`).sort()).toEqual([
    'step broken',
    'step first half',
    'step journey',
    'step left',
  ]);
  expect(requests['journey']).toBe(requests['walk 1']);
  const whole = result.series.filter(({ part }) => !part);
  expect(result.totals.requests).toBe(whole.reduce((sum, series) => sum + series.requests, 0));
  expect(result.totals.failures).toBe(0);
  expect(parts.find(({ name }) => name === 'broken')).toMatchObject({ failures: requests['broken'] });
  expect(parts.find(({ name }) => name === 'left')).toMatchObject({ failures: 0, interrupted: 0 });
  // Expected exceptions only: control flow such as `iteration.end()` is not reported.
  expect(result.exceptions.map(({ user, task, message }) => `${user}/${task}: ${message}`).sort()).toEqual([
    'buyer/login: no luck',
    'carefree/onStart: no luck',
    'impatient/wait: no luck',
    'poller/background: the background broke',
    'stateless/state: no luck',
    'strict/shop: no luck',
    'unable/onStart: no luck',
  ]);
  const sums = Object.fromEntries(
    result.metrics.map((metric) => [metric.name, metric.kind === 'counter' ? metric.sum : undefined]),
  );
  expect(sums).toEqual({
    'finally ran': requests['before the end'],
    polls: requests['poll'],
    'users that did not start': 3,
    'users that stopped themselves': 3,
  });
  expect(result.checks).toEqual([
    { name: 'cut off users have their cookies and onStop', passes: 1, fails: 0 },
  ]);
  const notes = Object.fromEntries(result.notes.map(({ code, message }) => [code, message]));
  expect(Object.keys(notes).sort()).toEqual([
    'exceptions',
    'measured-requests',
    'users-not-started',
    'users-stopped',
  ]);
  expect(notes['measured-requests']).toMatch(
    /^measure\('job', 'holds a request'\) of user type 'walker' was open while .* step\(name, work\)/,
  );
  expect(notes['users-not-started']).toContain('3 users did not start');
  expect(notes['users-stopped']).toContain('3 users stopped');
});

test('when users on several workers stop the run at once, it ends once, with the reason but without secrets', async () => {
  await using cluster = await Cluster.start('stops-itself', [
    '-H',
    target.url,
    '--secret',
    'SHOP=corner-shop',
    '--expect-workers',
    '2',
  ]);
  cluster.addWorker('w1');
  cluster.addWorker('w2');
  const result = await cluster.result();
  expect(result).toMatchObject({ exit: 'stopped-by-scenario', verdict: 'stopped-early' });
  expect(result.totals).toMatchObject({ requests: 4, failures: 0, interrupted: 0 });
  expect(target.count).toBe(4);
  expect(result.exceptions).toEqual([]);
  const told = result.notes.filter(({ code }) => code === 'stopped-early').map(({ message }) => message);
  expect(told).toEqual([
    expect.stringMatching(
      /^The scenario stopped the run at \S+: the stock of \[secret SHOP\] is empty \(run\.stop in look of user type 'guard' on lane w[12]\/0\)\.$/,
    ),
  ]);
});

test('rows are distributed among the lanes of all workers, and the run ends when every user has ended', async () => {
  await using cluster = await Cluster.start('rows-once', ['-H', target.url, '--expect-workers', '2']);
  cluster.addWorker('w1', ['--lanes', '2']);
  cluster.addWorker('w2');
  const result = await cluster.result();
  const used = result.series.map(({ name, requests }) => `${name}: ${requests}`).sort();
  expect(used).toEqual(Array.from({ length: 60 }, (_, row) => `row ${row}: 1`).sort());
  expect([target.count, result.exit]).toEqual([60, 'passed']);
  expect(result.notes).toEqual([
    {
      code: 'users-stopped',
      message: expect.stringMatching(/^20 users stopped .* No user was left, so the run ended after /),
    },
  ]);
});
