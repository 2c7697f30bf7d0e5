// What CI systems read of a run: JUnit, Markdown, and annotations of GitHub Actions.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { serveHttp } from '../contract/support/servers.js';
import { Drumline, scenarioPath, type Ended } from '../support/drumline.js';
import { writeFinishedRun } from '../support/finished-run.js';
import type { Termination } from '../../packages/master/src/report/termination.js';
import { tempProjects } from '../support/temp-project.js';

const folder = tempProjects();

let target: Target;
beforeEach(async () => {
  target = await startTarget();
});
afterEach(async () => {
  await target.close();
});

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}, url = target.url): Promise<Ended> {
  const own = { GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '', ...env };
  const flags = ['-H', url, '--iterations', '40', '--no-html', '--no-api'];
  await using command = new Drumline(['run', scenarioPath('quick'), ...flags, ...args], own);
  return await command.ended;
}

test('the termination message has the verdict, its reason and the failed thresholds', async () => {
  const path = join(folder({}), 'termination-log');
  const { code } = await run(['--threshold', 'p95 < 0.001ms', '--termination-log', path, '--quiet']);
  const failed = JSON.parse(readFileSync(path, 'utf8')) as Termination;
  expect(failed).toMatchObject({
    verdict: 'failed',
    exitCode: code,
    exit: 'thresholds-failed',
    run: { scenario: 'quick.ts' },
    totals: { requests: target.count, failures: 0 },
    failedThresholds: [{ expression: 'p95 < 0.001ms', of: '', unit: 'ms' }],
  });
  expect(failed.reason).toMatch(/p95 < 0\.001ms: it was/);
  // Without a result.
  const args = ['run', scenarioPath('missing'), '--termination-log', path];
  await using command = new Drumline(args);
  expect(await command.ended).toMatchObject({ code: 3 });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ verdict: null, exit: 'scenario-invalid' });
  expect(await run(['--termination-log', join(path, 'x')])).toMatchObject({
    code: 9,
    output: expect.stringContaining('Nothing was started.'),
  });
});

test('in a job of GitHub Actions, a run writes the job summary and annotations unasked', async () => {
  const directory = folder({ 'step.md': '# Earlier step\n' });
  const summary = join(directory, 'step.md');
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
  const broken = await run(['--threshold', 'p95 < 0.001ms', '--quiet'], env);
  expect(broken.code).toBe(18);
  expect(broken.output).toMatch(
    /^::error title=Drumline%3A quick\.ts::threshold p95 < 0\.001ms: it was .*$/m,
  );
  expect(readFileSync(summary, 'utf8')).toMatch(
    /^# Earlier step\n## ❌ failed: quick\.ts\n[^]*p95 &#60; 0\.001ms/,
  );

  writeFileSync(summary, 'x'.repeat(1024 * 1024 - 300));
  expect((await run([], env)).code).toBe(0);
  const full = readFileSync(summary, 'utf8');
  expect(full.slice(-300)).toContain('_The rest does not fit into this summary._');
  expect(Buffer.byteLength(full)).toBeLessThan(1024 * 1024);

  const missing = await run([], { GITHUB_STEP_SUMMARY: join(directory, 'none', 'step.md') });
  expect(missing).toMatchObject({
    code: 0,
    output: expect.stringContaining('job summary cannot be written'),
  });
});

test('a run, and a report of it, write the same JUnit file and Markdown', async () => {
  const directory = folder({});
  const [junit, markdown, again] = ['a.xml', 'a.md', 'b.xml'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const env = { DRUMLINE_DATA_DIR: join(directory, 'data') };
  const { code, output } = await run(['--junit', junit, '--summary-md', markdown], env);
  expect([code, output]).toEqual([0, expect.stringContaining(`junit   ${junit}`)]);
  expect(readFileSync(junit, 'utf8')).toContain('<testcase classname="quick.run" name="verdict"');
  expect(readFileSync(markdown, 'utf8')).toContain('## ✅ passed: quick');
  await using report = new Drumline(['report', 'latest', '--quiet', '--junit', again], env);
  expect((await report.ended).code).toBe(0);
  expect(readFileSync(again, 'utf8')).toBe(readFileSync(junit, 'utf8'));

  const refused = await run(['--junit', join(directory, 'none', 'a.xml')]);
  expect(refused).toMatchObject({ code: 9, output: expect.stringContaining('--junit') });
});

test('a run is compared with its baseline when it ends', async () => {
  const data = join(folder({}), 'data');
  const labels = { branch: 'main' };
  writeFinishedRun(data, { id: '00000001', day: 1, seconds: 30, labels, medianMs: () => 0.0005 });
  const env = { DRUMLINE_DATA_DIR: data };
  const junit = join(data, 'a.xml');
  const flags = ['--iterations', '150', '-u', '15', '--baseline', 'label:branch=main', '--junit', junit];
  // A busy machine falsifies short response times; seconds in which it does are not compared.
  const slow = await serveHttp((_, response) => void setTimeout(() => response.end(), 1_000));
  const worse = await run([...flags, '--fail-if', 'p50 > +1000%'], env, slow.origin);
  await slow.close();
  expect(worse.output).toMatch(/✗ worse .*\nBaseline +00000001 [^]*✗ failed +--fail-if 'p50 > \+1000%'/);
  expect(worse.code).toBe(22);
  expect(readFileSync(junit, 'utf8')).toMatch(
    /comparison" name="--fail-if p50 &gt; \+1000%"[^>]*>\s*<failure/,
  );

  const mistake = await run(['--baseline', 'label:branch=mian'], env);
  expect(mistake).toMatchObject({ code: 2, output: expect.stringContaining('branch=main') });
  const before = target.count;
  expect(await run(['--fail-if', 'p50 > 1%'], env)).toMatchObject({ code: 2 });
  expect(target.count).toBe(before);
  expect(existsSync(join(data, 'runs'))).toBe(true);
});
