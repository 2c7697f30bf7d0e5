// Operations that need the right to administration: workers leave, and runs are deleted.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { eventually } from '../support/drumline.js';
import { Service } from '../support/service.js';

test('workers are drained in mid-run and while idle, ended runs are deleted, and the count stays exact', async () => {
  await using service = await Service.start();
  const target = await startTarget();
  try {
    const workers = new Map(['w1', 'w2', 'w3'].map((name) => [name, service.addWorker(name)]));
    await eventually(async () => (await service.client.health()).workers === 3 || undefined);
    const id = await service.submitted('steady', target, ['--workers', '2']);
    await service.until(id, ({ state }) => state === 'running');
    await eventually(() => target.count > 20 || undefined);
    const before = await service.client.workers();
    const drained = before.find(({ runId }) => runId === id)!.name;
    const spare = before.find(({ runId }) => runId === null)!.name;

    // In mid-run: its users move, and the run gets the idle worker instead.
    expect(await service.ran('drain', `${drained}x`)).toMatchObject({
      code: 2,
      output: expect.stringMatching(new RegExp(`no worker '${drained}x'\n.*Did you mean ${drained}`)),
    });
    expect(await service.ran('drain', drained)).toMatchObject({
      code: 0,
      output: expect.stringContaining(`Worker ${drained} leaves: its users move to other workers`),
    });
    await eventually(async () => {
      const { runId } = (await service.client.workers()).find(({ name }) => name === spare)!;
      return runId === id || undefined;
    });
    expect(await workers.get(drained)!.ended).toMatchObject({
      code: 0,
      output: expect.stringContaining('Leaving: the master drains this worker'),
    });
    await expect(service.client.deleteRun(id)).rejects.toMatchObject({
      code: 'request-invalid',
      status: 409,
      hint: expect.stringContaining('drumline cancel'),
    });
    await service.client.run(id).stop();
    const result = await service.result(id);
    expect([result.exit, result.totals.requests]).toEqual(['passed', target.count]);
    expect(result.workers.map((worker) => worker.id).sort()).toEqual(['w1', 'w2', 'w3']);

    await eventually(async () => {
      const present = await service.client.workers();
      return present.every(({ runId }) => runId === null) || undefined;
    });

    // Idle: it ends, and later runs do without it.
    expect((await service.client.drain(spare)).message).toContain('it has no run');
    expect(await workers.get(spare)!.ended).toMatchObject({ code: 0 });
    const rest = [...workers.keys()].filter((name) => name !== spare && name !== drained);
    expect((await service.client.workers()).map(({ name }) => name)).toEqual(rest);
    const next = await service.submitted('quick', target, ['--iterations', '40']);
    const { totals } = await service.result(next);
    expect(totals.requests).toBe(target.count - result.totals.requests);
    // Started again, it takes part again.
    await service.addWorkers(drained);

    // Of a run that is deleted, nothing is left.
    expect(await service.ran('delete', 'current')).toMatchObject({ code: 2 });
    expect((await service.ran('queue', '--all')).output).toContain(id.slice(0, 8));
    const deleted = await service.ran('delete', id.slice(0, 8));
    expect(deleted).toMatchObject({ code: 0, output: expect.stringContaining(`Run ${id} was deleted`) });
    await expect(service.client.run(id).view()).rejects.toMatchObject({ code: 'run-unknown' });
    expect((await service.client.runs()).runs.map(({ runId }) => runId)).toEqual([next]);
    const files = await readdir(service.dataDir, { recursive: true });
    expect(files.filter((name) => name.includes(id))).toEqual([]);
    expect(files.some((name) => name.includes(next))).toBe(true);
    expect(files.some((name) => name.startsWith(join('logs', next)))).toBe(true);
  } finally {
    await target.close();
  }
});

test('a run that waits for too long ends with its own exit code; another one waits for its start', async () => {
  await using service = await Service.start();
  const target = await startTarget();
  try {
    const args = ['--max-wait', '1s', '--watch', '--no-html'];
    expect(await service.submit('quick', target, args).ended).toMatchObject({
      code: 24,
      output: expect.stringMatching(/waited in the queue for 1s, and did not begin: no worker is connected/),
    });
    expect(target.count).toBe(0);
    await service.addWorkers('w1');
    const started = ['--iterations', '40', '--max-wait', '5m', '--no-autostart', '--label', 'team=pay, core'];
    const id = await service.submitted('quick', target, started);
    await service.until(id, ({ state }) => state === 'ready');
    expect(target.count).toBe(0);
    const { runs } = await service.client.runs({ labels: { team: 'pay, core' } });
    expect(runs.map(({ runId }) => runId)).toEqual([id]);
    // The list of workers shows the run of each.
    expect((await service.ran('workers')).output).toMatch(new RegExp(`w1 .*${id.slice(0, 8)}`));
    expect(await service.ran('start', '--run', id)).toMatchObject({ code: 0 });
    const { exit, totals } = await service.result(id);
    expect([exit, totals.requests]).toEqual(['passed', target.count]);
  } finally {
    await target.close();
  }
});
