// Control of a running test from the command line.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { Cluster, Drumline, eventually, pause } from '../support/drumline.js';

let target: Target;
beforeEach(async () => {
  target = await startTarget();
});
afterEach(async () => {
  await target.close();
});

async function order(cluster: Cluster, ...args: string[]): Promise<string> {
  await using command = new Drumline([...args, '--api', cluster.api]);
  const { code, output } = await command.ended;
  if (code !== 0) throw new Error(`drumline ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

/** The state in the reply to an order. */
async function stateAfter(cluster: Cluster, path: string, body?: object): Promise<string> {
  return ((await (await cluster.order(path, body)).json()) as { state: string }).state;
}

async function firstEvent(cluster: Cluster): Promise<unknown> {
  const { body } = await fetch(`${cluster.api}/v1/runs/current/events`);
  let seen = '';
  for await (const text of body!.pipeThrough(new TextDecoderStream())) {
    seen += text;
    const data = /^data: (.*)$/m.exec(seen)?.[1];
    if (data !== undefined) return JSON.parse(data);
  }
  throw new Error(`no event in: ${seen}`);
}

/** Resolves when no requests have arrived for a while. */
async function isIdle(): Promise<void> {
  await eventually(async () => {
    const before = target.count;
    await pause(500);
    return target.count === before ? true : undefined;
  });
}

test('start, users, pause, resume, reset, stop: each takes effect, and the report records it', async () => {
  await using cluster = await Cluster.start('quick', [
    '-H',
    target.url,
    '--expect-workers',
    '2',
    '--no-autostart',
    '-t',
    '10m',
  ]);
  cluster.addWorker('w1');
  cluster.addWorker('w2');
  await cluster.until(({ state }) => state === 'ready');
  await pause(300);
  expect(target.count).toBe(0);
  expect(await order(cluster, 'status')).toContain('ready');
  expect(await order(cluster, 'start')).toContain('started');
  await cluster.until(({ users, state }) => users === 10 && state === 'running');

  await order(cluster, 'users', '25');
  await cluster.until(({ users, plannedUsers }) => users === 25 && plannedUsers === 25);
  const views = await cluster.workerViews();
  expect(views.map(({ users }) => users).sort((a, b) => a - b)).toEqual([12, 13]);
  await order(cluster, 'users', '4', '--spawn-rate', '50');
  await cluster.until(({ users }) => users === 4);

  expect(await stateAfter(cluster, 'pause')).toBe('paused');
  expect(await stateAfter(cluster, 'users', { users: 5 })).toBe('paused');
  const refused = await cluster.order('start');
  expect(await refused.json()).toMatchObject({ error: 'A run that is paused cannot be started.' });
  expect(await stateAfter(cluster, 'users', { users: 4 })).toBe('paused');
  await isIdle();
  const whilePaused = target.count;
  expect((await cluster.status()).paused).toBe(true);
  await order(cluster, 'resume');
  await cluster.until(() => target.count > whilePaused + 20);

  // A reset discards earlier counts. Later requests are counted as usual.
  await cluster.order('pause');
  await isIdle();
  expect(await firstEvent(cluster)).toMatchObject({ type: 'state', state: 'paused' });
  await eventually(async () => ((await cluster.stats()).totals.requests === target.count ? true : undefined));
  const beforeReset = target.count;
  expect(await stateAfter(cluster, 'reset')).toBe('paused');
  expect(await stateAfter(cluster, 'resume')).toBe('running');
  await cluster.until(() => target.count > beforeReset + 50);
  await eventually(async () => ((await cluster.stats()).totals.requests > 0 ? true : undefined));
  expect(await order(cluster, 'workers')).toMatch(/w1[\s\S]*w2/);
  expect(await order(cluster, 'stats')).toMatch(/GET \/ +\d/);

  await order(cluster, 'stop');
  const result = await cluster.result();
  expect(result.totals.requests).toBe(target.count - beforeReset);
  expect(result.notes.map(({ code }) => code)).toEqual([
    'load-changed',
    'load-changed',
    'load-changed',
    'load-changed',
    'paused',
    'stats-reset',
    'paused',
    'stopped-early',
  ]);
  expect(result).toMatchObject({ code: 14, exit: 'stopped-early', verdict: 'stopped-early' });
  expect(result.reasons).toEqual([
    { code: 'stopped-early', message: expect.stringMatching(/stopped by hand after .* of 10m: \d+ % of/) },
  ]);
});

test('commands that are invalid in the current state are rejected with a reason; the run continues, and its figures soon include each request', async () => {
  await using cluster = await Cluster.start('quick', ['-H', target.url, '-t', '10m']);
  cluster.addWorker('w1');
  await cluster.until(({ users }) => users === 10);
  for (const path of ['start', 'resume']) {
    const response = await cluster.order(path);
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ error: expect.stringMatching(/running|not paused/) });
  }
  expect((await cluster.order('users', { users: -1 })).status).toBe(400);
  expect((await cluster.order('users', { users: 'many' })).status).toBe(400);
  await eventually(async () => ((await cluster.stats()).current.requests > 0 ? true : undefined));
  const seen = target.count;
  await eventually(async () => ((await cluster.stats()).totals.requests >= seen ? true : undefined));
  expect(await stateAfter(cluster, 'stop')).toBe('draining');
  const result = await cluster.result();
  expect(result.totals.requests).toBe(target.count);
  expect(result.code).toBe(14);
});

test('`drumline watch` follows a run to its end and exits as it does', async () => {
  await using cluster = await Cluster.start('failing', ['-H', target.url]);
  await using watch = new Drumline(['watch', '--api', cluster.api]);
  cluster.addWorker('w1');
  const [watched, result] = await Promise.all([watch.ended, cluster.result()]);
  expect(result).toMatchObject({ code: 1, exit: 'requests-failed' });
  expect(watched.code).toBe(1);
  expect(watched.output).toMatch(/running/);
});
