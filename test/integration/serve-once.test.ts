// A master that executes one submitted run, as in a Job of Kubernetes.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { eventually } from '../support/drumline.js';
import { Service } from '../support/service.js';
import { tempProjects } from '../support/temp-project.js';

const folder = tempProjects();

test('it takes one run, is replaced during it and after it, and exits with the run’s code', async () => {
  const directory = folder({});
  const log = join(directory, 'termination-log');
  const json = join(directory, 'result.json');
  const read = (): unknown => JSON.parse(readFileSync(log, 'utf8'));
  const files = ['--termination-log', log, '--json', json];
  await using service = await Service.start(['--once', '--expect-workers', '2', ...files]);
  const target = await startTarget();
  try {
    service.addWorker('w1');
    const key = ['--idempotency-key', 'job 1'];
    const args = ['-t', '5s', '--threshold', 'p95 < 0.001ms'];
    const id = await service.submitted('quick', target, [...key, ...args]);
    await expect(service.client.finish()).rejects.toMatchObject({ code: 'run-unfinished' });
    expect(await service.submit('quick', target).ended).toMatchObject({
      code: 11,
      output: expect.stringContaining(`this master executes one run and ends with it, and has run ${id}`),
    });
    expect(await service.submitted('quick', target, [...key, ...args])).toBe(id);
    // One worker is not enough.
    await service.until(id, ({ state }) => state === 'gathering');
    service.addWorker('w2');
    await eventually(() => target.count > 100 || undefined);
    service.master.signal('SIGTERM');
    expect((await service.master.ended).code).toBe(143);
    expect(read()).toMatchObject({ verdict: null, exit: 'handed-over' });

    await service.startAgain();
    const { totals } = await service.result(id);
    expect(totals.requests).toBe(target.count);
    // The workers end, although the master stays.
    await service.master.prints(/The results can be fetched/);
    const workers = service.processes.filter(({ args: [command] }) => command === 'worker');
    workers.push(service.addWorker('late'));
    for (const worker of workers) expect((await worker.ended).code).toBe(0);
    expect(read()).toMatchObject({ exitCode: 18, run: { id }, totals: { requests: target.count } });
    service.master.signal('SIGTERM');
    expect((await service.master.ended).code).toBe(143);

    await service.startAgain();
    expect((await service.client.run('current').result()).run.id).toBe(id);
    expect(await service.client.finish()).toEqual({
      message: 'The master exits with the exit code of its run.',
    });
    const { code, output } = await service.master.ended;
    expect(code).toBe(18);
    expect(output).toContain('✗ failed');
    expect(read()).toMatchObject({ verdict: 'failed', exitCode: 18, exit: 'thresholds-failed' });
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ run: { id } });

    // The directory is free for another run.
    await service.startAgain();
    expect((await service.client.health()).runs).toEqual({ running: 0, queued: 0 });
    await service.client.finish();
    expect((await service.master.ended).code).toBe(23);
  } finally {
    await target.close();
  }
});

test('without a submission it exits, and with Ctrl-C it ends its run', async () => {
  const log = join(folder({}), 'termination-log');
  const args = ['--once', '--termination-log', log];
  await using alone = await Service.start([...args, '--submit-within', '300ms']);
  expect(await alone.master.ended).toMatchObject({
    code: 23,
    output: expect.stringContaining('No run was submitted within 300ms.'),
  });
  expect(JSON.parse(readFileSync(log, 'utf8'))).toMatchObject({ verdict: null, exit: 'never-submitted' });

  await using service = await Service.start([...args, '--expect-workers-max-wait', '10m']);
  const target = await startTarget();
  try {
    // Before it has workers, there is nothing to report.
    await service.submitted('steady', target);
    service.master.signal('SIGINT');
    expect((await service.master.ended).code).toBe(130);
    await service.startAgain();
    service.addWorker('w1');
    await service.submitted('steady', target);
    await eventually(() => target.count > 0 || undefined);
    service.master.signal('SIGINT');
    expect(await service.master.ended).toMatchObject({
      code: 130,
      output: expect.stringContaining('interrupted'),
    });
    expect(JSON.parse(readFileSync(log, 'utf8'))).toMatchObject({ totals: { requests: target.count } });
  } finally {
    await target.close();
  }
});

test('workers that never come fail the run, and the reason can be fetched', async () => {
  const log = join(folder({}), 'termination-log');
  const wait = ['--expect-workers', '2', '--expect-workers-max-wait', '200ms'];
  await using service = await Service.start([
    '--once',
    '--linger',
    '200ms',
    '--termination-log',
    log,
    ...wait,
  ]);
  const watched = await service.submit('quick', { url: 'http://127.0.0.1:9' }, ['--watch', '--no-html'])
    .ended;
  expect(watched).toMatchObject({
    code: 4,
    output: expect.stringContaining('0 of 2 expected workers connected within 200ms.'),
  });
  expect((await service.master.ended).code).toBe(4);
  expect(JSON.parse(readFileSync(log, 'utf8'))).toMatchObject({ exit: 'workers-never-came' });
  expect(existsSync(join(service.dataDir, 'service.json'))).toBe(true);
});

test('only such a master can be finished', async () => {
  await using service = await Service.start();
  await expect(service.client.finish()).rejects.toMatchObject({
    code: 'request-invalid',
    hint: expect.stringContaining('--once'),
  });
  expect(await service.command('serve', '--json', 'x.json').ended).toMatchObject({
    code: 2,
    output: expect.stringContaining('Add --once.'),
  });
});
