// `drumline/embed` with a service: the run is executed by a cluster that stays.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { RunError, startRun } from 'drumline/embed';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { closeAfterEach } from '../contract/support/closing.js';
import { scenarioPath } from '../support/drumline.js';
import { embeddedRunsOf } from '../support/processes.js';
import { Service } from '../support/service.js';
import { tempProjects } from '../support/temp-project.js';

const closing = closeAfterEach();
const project = tempProjects();

test('a run is submitted to a service, with the same handle, and continues without the program', async () => {
  const target = await closing(startTarget());
  await using service = await Service.start();
  const { url } = service.client;
  const html = join(project({}), 'report.html');
  const lines: string[] = [];
  await using run = await startRun({
    scenario: scenarioPath('steady'),
    target: target.url,
    users: 2,
    labels: { build: '18' },
    workers: 1,
    reports: { html },
    service: { url },
    log: (line) => lines.push(line),
  });
  expect([run.url, (await service.client.run(run.id).view()).state]).toEqual([url, 'queued']);
  await service.addWorkers('w1');
  const counts = new Map<number, number>();
  for await (const second of run.seconds({ corrections: true })) {
    counts.set(second.number, second.requests);
    if (second.number === 1 && !second.corrected)
      expect(await run.setUsers(4)).toMatchObject({ state: 'running' });
    if (second.number === 2 && !second.corrected) void run.stop();
  }
  const result = await run.finished;
  const counted = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const numbers = [...counts.keys()];
  expect(result).toMatchObject({ exitCode: 0, run: { id: run.id, labels: { build: '18' } } });
  expect([result.totals.requests, counted]).toEqual([target.count, target.count]);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(readFileSync(html, 'utf8')).toContain('</html>');
  expect(lines.join('\n')).toContain('w1 joined');

  const invalid = await failureOf(
    startRun({ scenario: 'x.ts', users: -1, lanes: 2, service: { url: 'http://no where' } }),
  );
  expect(invalid.problems).toEqual([
    expect.stringMatching(/^lanes: /),
    expect.stringMatching(/^service\.url: /),
    expect.stringMatching(/^users: /),
  ]);
  const unreachable = await failureOf(
    startRun({
      scenario: scenarioPath('steady'),
      target: target.url,
      service: { url: 'http://127.0.0.1:1' },
    }),
  );
  expect([unreachable.code, unreachable.hint]).toEqual([
    'master-unreachable',
    expect.not.stringContaining('--'),
  ]);

  expect(embeddedRunsOf(process.pid)).toEqual([]);
  const left = await startRun({ scenario: scenarioPath('steady'), target: target.url, service: { url } });
  await left.seconds().next();
  for (const pid of embeddedRunsOf(process.pid)) process.kill(pid, 'SIGKILL');
  await expect(left.finished).rejects.toMatchObject({ code: 'master-lost' });
  expect((await left.client.status()).state).toBe('running');
  await left.client.cancel();
});

async function failureOf(starting: Promise<unknown>): Promise<RunError> {
  const error = await starting.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RunError);
  return error as RunError;
}
