// The jobs of docs/ci.md: their steps are executed by bash, as GitHub's and GitLab's runners do,
// in a project whose packages are installed already. Only the run time is shorter.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { BIN } from '../support/drumline.js';
import { tempProjects } from '../support/temp-project.js';
import { yamlBlocks } from '../support/yaml-blocks.js';

interface Step {
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface GitlabJob {
  readonly variables?: Readonly<Record<string, string>>;
  readonly rules: readonly { readonly variables?: Readonly<Record<string, string>> }[];
  readonly script: readonly string[];
}

const blocks = yamlBlocks<unknown>('ci.md');
const folder = tempProjects();
let target: Awaited<ReturnType<typeof startTarget>>;
beforeAll(async () => (target = await startTarget()));
afterAll(async () => await target.close());

/** What is below a heading. */
function under<T>(heading: string, at = 0): T {
  return blocks.filter((block) => block.heading === heading)[at]!.content as T;
}

/** A project whose `npx` finds this program, and whose `npm` has nothing to do. */
function project(): string {
  const path = folder({
    'scenario.ts': `
      import { constant, scenario, startWith, user } from 'drumline';
      const home = async ({ http }) => void (await http.get('/'));
      export default scenario({
        users: [user('visitor', { wait: constant('20ms'), tasks: { home } })],
        load: startWith(2).hold(),
      });
    `,
    'bin/npm': '#!/bin/sh\n[ "$1" = ci ]\n',
    'bin/npx': `#!/bin/sh\n[ "$1" = drumline ] && shift && exec "${process.execPath}" "${BIN}" "$@"\n`,
  });
  for (const name of ['npm', 'npx']) chmodSync(join(path, 'bin', name), 0o755);
  return path;
}

/** Executes a step. @returns its exit code and output */
async function step(cwd: string, script: string, env: NodeJS.ProcessEnv = {}) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(DRUMLINE|GITHUB|NODE_OP)/.test(name));
  const PATH = `${join(cwd, 'bin')}:${process.env['PATH']}`;
  const shorter = script.replace('-t 5m', '-t 2s');
  const bash = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', shorter], {
    cwd,
    env: { ...Object.fromEntries(inherited), PATH, ...env, DRUMLINE_TARGET: target.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [bash.stdout, bash.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(bash, 'close')) as [number | null];
  return { code, output };
}

function requestsIn(path: string): number {
  return (JSON.parse(readFileSync(path, 'utf8')) as RunResult).totals.requests;
}

test('the job for GitHub Actions writes its reports, a summary and no annotation', async () => {
  const { jobs } = under<{ jobs: { load: { steps: readonly Step[] } } }>('GitHub Actions');
  const cwd = project();
  const before = target.count;
  const github = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') };
  for (const { run, env } of jobs.load.steps.filter((one) => one.run !== undefined))
    expect(await step(cwd, run!, { ...env, ...github })).toMatchObject({ code: 0 });
  expect(requestsIn(join(cwd, 'result.json'))).toBe(target.count - before);
  for (const name of ['report.html', 'junit.xml', 'summary.md'])
    expect([name, existsSync(join(cwd, name))]).toEqual([name, true]);
});

test('the job for GitLab CI writes its reports', async () => {
  const { 'load-test': job } = under<{ 'load-test': GitlabJob }>('GitLab CI');
  const cwd = project();
  const before = target.count;
  expect(await step(cwd, job.script.join('\n'), job.variables)).toMatchObject({ code: 0 });
  expect(requestsIn(join(cwd, 'result.json'))).toBe(target.count - before);
  expect(readFileSync(join(cwd, 'junit.xml'), 'utf8')).toContain('<testsuite');
});

test('the steps for GitHub Actions compare a branch with the main branch', async () => {
  const steps = under<readonly Step[]>('Compare with a baseline');
  const cwd = project();
  const on = (branch: 'main' | 'other') =>
    steps.filter((one) => one.run !== undefined && one.if!.includes('!=') === (branch === 'other'));
  expect(on('main')).toHaveLength(2);
  for (const { run } of on('main')) expect(await step(cwd, run!)).toMatchObject({ code: 0 });
  const [{ run }] = on('other') as [Step];
  const { code, output } = await step(cwd, run!);
  // Two short runs on a busy machine may differ.
  expect([0, 22]).toContain(code);
  expect(output).toMatch(/p95 > \+10%/);
});

test('the job for GitLab CI compares a merge request with the main branch', async () => {
  const { 'load-test': job } = under<{ 'load-test': GitlabJob }>('Compare with a baseline', 1);
  const cwd = project();
  const [main, request] = job.rules;
  const script = job.script.join('\n');
  expect(await step(cwd, script, main!.variables)).toMatchObject({ code: 0 });
  const { code, output } = await step(cwd, script, request!.variables);
  expect([0, 22]).toContain(code);
  expect(output).toMatch(/p95 ?> ?\+10%/);
});
