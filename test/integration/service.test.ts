// One cluster that stays and executes the runs that are submitted to it.
import { expect, jest, test } from '@jest/globals';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Service } from '../support/service.js';

jest.setTimeout(180_000);

test('runs follow each other on the same workers, and each report equals the target’s count', async () => {
  await using service = await Service.start();
  const targets = await Promise.all([startTarget(), startTarget(), startTarget()]);
  const ids: string[] = [];
  for (const target of targets) ids.push(await service.submitted('quick', target, ['-t', '1s']));
  // Without workers, they wait in the order of their submissions.
  const { output } = await service.ran('queue');
  const [first, second] = await Promise.all(ids.map((id) => service.client.run(id).view()));
  expect(first).toMatchObject({ state: 'queued', position: 1, waitingFor: 'no worker is connected' });
  expect(second).toMatchObject({ state: 'queued', position: 2 });
  expect(output).toMatch(/1\s+[0-9a-f]{8}\s+quick\.ts\s+queued\s+all/);
  await service.addWorkers('w1', 'w2');
  for (const [index, id] of ids.entries()) {
    const { run, totals, exit } = await service.result(id);
    expect([run.id, exit, totals.requests]).toEqual([id, 'passed', targets[index]!.count]);
    expect(totals.requests).toBeGreaterThan(0);
  }
  const views = await Promise.all(ids.map((id) => service.client.run(id).view()));
  for (const [before, after] of [views.slice(0, 2), views.slice(1)])
    expect(Date.parse(after!.startedAt!)).toBeGreaterThan(Date.parse(before!.endedAt!));
  const ended = service.client.run(ids[0]);
  const { totals, series, timeline } = await ended.result();
  const { points } = await ended.timeline({ points: 1 });
  expect(points).toEqual([{ ...timeline[0], ...points[0] }]);
  expect(points[0]).toMatchObject({ requests: totals.requests, p50Ms: totals.latencyMs.p50 });
  expect(await ended.series({ filter: 'requests>0' })).toEqual({ total: series.length, series });
  expect(await ended.report('csv')).toContain('Aggregated');
  await expect(ended.annotate('late')).rejects.toMatchObject({ code: 'request-invalid' });
  await Promise.all(targets.map((target) => target.close()));
});

test('`submit --watch` shows the run, writes the reports and has its exit code', async () => {
  await using service = await Service.start();
  const target = await startTarget();
  await service.addWorkers('w1');
  const json = `${service.directory}/result.json`;
  const junit = `${service.directory}/junit.xml`;
  const reports = ['--watch', '--no-html', '--json', json, '--junit', junit];
  const args = ['-t', '1s', '--threshold', 'failures < 0', ...reports];
  const { code, output } = await service.submit('quick', target, args).ended;
  expect(code).toBe(18);
  expect(output).toMatch(
    /Submitted run [0-9a-f-]{36}\.\n[^]*state: running[^]*✗ failed[^]*result {2}\S+result\.json/,
  );
  await target.close();
});
