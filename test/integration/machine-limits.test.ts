// Limits of a worker's machine that a load exceeds: notes and refusals before the start.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Cluster, Drumline } from '../support/drumline.js';
import { canLimitPorts, withLocalPorts, withOpenFiles } from '../support/limited.js';
import { tempProjects } from '../support/temp-project.js';

const project = tempProjects();

/**
 * A target that counts requests and connections, and a scenario whose users request it without a
 * pause. The path of their requests is the `PLACE` in the environment of their worker.
 */
async function targetAndScenario(settings = '') {
  let requests = 0;
  const open = new Map<string, Set<Socket>>();
  const server = createServer(({ url, socket }, response) => {
    requests += 1;
    const ofPlace = open.get(url!) ?? new Set();
    open.set(url!, ofPlace.add(socket));
    socket.once('close', () => ofPlace.delete(socket));
    setTimeout(() => response.end('ok'), 500);
  }).listen(0, '127.0.0.1');
  // A connection has a request as often as its machine has time for it.
  server.keepAliveTimeout = 0;
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const text = `import { scenario, user } from 'drumline';
    const path = '/' + (process.env.PLACE ?? '');
    const visitor = user('visitor', { tasks: { visit: async ({ http }) => void (await http.get(path)) } });
    export default scenario({ target: 'http://127.0.0.1:${port}', users: [visitor]${settings} });`;
  return {
    path: join(project({ 'scenario.mjs': text }), 'scenario.mjs'),
    get requests() {
      return requests;
    },
    /** Connections that the users of a place have open now. */
    connections: (place: string) => open.get(`/${place}`)?.size ?? 0,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Waits for reports of every worker: a worker measures its use once in the time of two. */
async function reportAgain(cluster: Cluster, reports = 4): Promise<void> {
  const seen = new Map<string, Set<number>>();
  await cluster.until(async () => {
    for (const { id, requests } of await cluster.workerViews())
      seen.set(id, (seen.get(id) ?? new Set()).add(requests));
    return [...seen.values()].every((counts) => counts.size > reports);
  });
}

test('too few open files for the program or for its lanes are an error, not a stack', async () => {
  const outcomeOf = async (files: number, ...args: string[]) => {
    await using started = new Drumline(args, {}, withOpenFiles(files));
    const { code, output } = await started.ended;
    return [code, output] as const;
  };
  const worker = ['worker', '--master', 'tcp://127.0.0.1:1', '--connect-timeout', '1s', '--lanes'];
  for (const command of [
    ['--version'],
    [...worker, '1'],
    ['master', 'scenario.ts'],
    ['run', 'scenario.ts'],
  ]) {
    const [code, output] = await outcomeOf(100, ...command);
    if (process.platform === 'linux')
      expect(output).toMatch(
        /^error: Drumline needs 192 open files, and this process may open only 100 \(ulimit -n\)\n/,
      );
    expect(output).toContain('hint: Raise the limit where the process starts: ulimit -n 4096');
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).toBe(25);
  }
  // So many are enough for all of its files.
  expect(await outcomeOf(192, ...worker, '1')).toEqual([7, expect.stringContaining('No master answered')]);
  if (process.platform !== 'linux') return;
  const [code, output] = await outcomeOf(192, ...worker, '45');
  expect(output).toContain(
    'error: a worker with 45 lanes needs 195 open files, and this process may open only 192',
  );
  expect(code).toBe(25);
});

test('a run that a limit will certainly break is refused, and starts with --force', async () => {
  await using target = await targetAndScenario();
  const load = ['-u', '600', '-t', '5m', '--expect-workers', '2', '--expect-workers-max-wait', '30s'];
  const start = async (...more: string[]): Promise<Cluster> => {
    const cluster = await Cluster.start(target.path, [...load, ...more]);
    cluster.addWorker('small', [], undefined, { env: { PLACE: 'small' }, launcher: withOpenFiles(300) });
    cluster.addWorker('large', [], undefined, { env: { PLACE: 'large' } });
    return cluster;
  };
  {
    await using cluster = await start();
    const { code, output } = await cluster.master.ended;
    expect(output).toContain(
      'Worker small: a lane needs 300 connections, but a process may open only 300 files (ulimit -n).',
    );
    expect(output).toMatch(/hint: ulimit -n 65536, .*\n +To start it anyway, pass --force\./);
    expect(output).not.toContain('Worker large:');
    expect(code).toBe(25);
    expect(target.requests).toBe(0);
  }
  await using cluster = await start('--force');
  // Each of them keeps its connection.
  await cluster.until(async () => {
    const isFull = (await cluster.stats()).errors.length > 0;
    return isFull && target.connections('small') > 200 && target.connections('large') === 300;
  });
  await reportAgain(cluster);
  await cluster.order('stop');
  const { code, notes, totals, errors, workers, output } = await cluster.result();
  expect(notes.find((note) => note.code === 'tight-limits')?.message).toContain(
    'Worker small: a lane needs 300',
  );
  expect(errors.map(({ error }) => error)).toEqual(['too many open files on this worker (raise ulimit -n)']);
  expect(totals.requests - totals.failures).toBe(target.requests);
  expect(code).toBe(1);
  const of = (id: string) => workers.find((worker) => worker.id === id)?.reached;
  expect(of('small')?.openFiles).toMatchObject({ limit: 300 });
  if (process.platform === 'linux') {
    expect(of('small')?.openFiles?.most).toBeGreaterThan(270);
    expect(of('large')?.openFiles?.most).toBeGreaterThan(300);
    expect(of('large')?.localPorts?.most).toBeGreaterThan(290);
    expect(output).toMatch(/ports used at most: [<\d]+ % · open files at most: (?:9\d|100) %/);
  }
});

test('a limit that a load may exceed is a note, also for a worker that joins late', async () => {
  await using target = await targetAndScenario(', http: { connectionsPerUser: 6 }');
  await using cluster = await Cluster.start(target.path, ['-u', '90', '-t', '5m']);
  const launcher = withOpenFiles(300);
  cluster.addWorker('first', [], undefined, { launcher });
  await cluster.master.prints(/warning: Worker first: a lane needs up to 540 connections/);
  await cluster.until(({ state }) => state === 'running');
  cluster.addWorker('late', [], undefined, { launcher });
  await cluster.master.prints(/warning: Worker late: /);
  // An order is never refused for a limit. Its answer names the first one.
  const answer = await (await cluster.order('users', { users: 200 })).text();
  expect(answer).toMatch(/changes to 200 users, at once\. Warning: Worker \w+: a lane needs up to 600/);
  expect(answer).toContain('The notes of the run have 1 more.');
  await cluster.order('stop');
  const { code, notes } = await cluster.result();
  expect(notes.filter((note) => note.code === 'tight-limits').map(({ message }) => message)).toEqual([
    expect.stringContaining('Worker first: a lane needs up to 600 connections'),
    expect.stringContaining('Worker late: a lane needs up to 600 connections'),
  ]);
  expect(code).toBe(14);
});

(canLimitPorts ? test : test.skip)(
  'ten local ports are too few for 50 users of drumline run (needs root and unshare)',
  async () => {
    await using target = await targetAndScenario();
    const options = ['-u', '50', '-t', '1s', '--no-api', '--no-html', '--lanes', '1'];
    const { code, output } = await new Drumline(['run', target.path, ...options], {}, withLocalPorts(10))
      .ended;
    expect(output).toContain('but the machine has only 10 local ports for one target address');
    expect(code).toBe(25);
    expect(target.requests).toBe(0);
  },
);
