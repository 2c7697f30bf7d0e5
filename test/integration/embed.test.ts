// `drumline/embed`: a program starts a run whose processes are its children.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { RunError, startRun, type RunHandle, type RunOptions, type Second } from 'drumline/embed';
import { build, type Format } from 'esbuild';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { closeAfterEach } from '../contract/support/closing.js';
import { eventually, scenarioPath } from '../support/drumline.js';
import { descendantsOf, embeddedRunsOf, isAlive } from '../support/processes.js';
import { tempProjects } from '../support/temp-project.js';

const ROOT = join(import.meta.dirname, '../..');
const closing = closeAfterEach();
const project = tempProjects();

const running: RunHandle[] = [];
afterEach(async () => {
  for (const run of running.splice(0)) await run.abort().catch(() => {});
  expect(embeddedRunsOf(process.pid)).toEqual([]);
});

async function start(options: RunOptions): Promise<RunHandle> {
  const run = await startRun({ lanes: 1, ...options });
  running.push(run);
  return run;
}

test('a run counts as many requests as its target, second by second, also for a slow reader', async () => {
  const target = await closing(startTarget());
  const directory = project({});
  const html = join(directory, 'report.html');
  const lines: string[] = [];
  const run = await start({
    scenario: new URL(`file://${scenarioPath('steady')}`),
    target: target.url,
    stages: [
      { over: 0, to: 5 },
      { over: '2s', to: 10 },
    ],
    labels: { build: '18' },
    thresholds: ['p99 < 1m'],
    reports: { html },
    log: (line) => lines.push(line),
  });
  const { pid } = process;
  expect(descendantsOf(embeddedRunsOf(pid)[0]!).length).toBeGreaterThanOrEqual(4);
  const refused = await fetch(`${run.url}/v1/status`);
  expect([refused.status, (await run.client.status()).runId]).toEqual([401, run.id]);

  const latest = new Map<number, Second>();
  const slow = run.seconds();
  const { value: first } = (await slow.next()) as { value: Second };
  for await (const second of run.seconds({ corrections: true })) latest.set(second.number, second);
  const result = await run.finished;
  const numbers = [first.number];
  for await (const { number } of slow) numbers.push(number);

  expect(result).toMatchObject({
    verdict: 'passed',
    exitCode: 0,
    run: { id: run.id, labels: { build: '18' } },
  });
  expect(result.thresholds).toMatchObject([{ expression: 'p99 < 1m', passed: true }]);
  expect(result.totals.requests).toBe(target.count);
  expect([...latest.values()].reduce((sum, { requests }) => sum + requests, 0)).toBe(target.count);
  expect(numbers).toEqual([...latest.keys()]);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  expect(readFileSync(html, 'utf8')).toContain('</html>');
  expect(lines.join('\n')).toContain('worker-1 joined');
  expect(await run.stop()).toBe(result);
});

test('a run is controlled while it goes on, and a signal stops it gracefully', async () => {
  const target = await closing(startTarget());
  const stop = new AbortController();
  const run = await start({ scenario: scenarioPath('steady'), target: target.url, signal: stop.signal });
  const seconds = run.seconds();
  await seconds.next();
  expect(await run.setUsers(4)).toMatchObject({ state: 'running' });
  expect(await run.pause()).toMatchObject({ state: 'paused' });
  expect(await run.resume()).toMatchObject({ state: 'running' });
  await eventually(async () => ((await run.client.status()).users === 4 ? true : undefined));
  stop.abort();
  const result = await run.finished;
  expect([result.exit, result.totals.requests]).toEqual(['passed', target.count]);
  await expect(run.setUsers(5)).rejects.toMatchObject({ name: 'ApiError', code: 'unreachable' });
});

test('leaving the scope of a run stops it gracefully', async () => {
  const target = await closing(startTarget());
  let finished: RunHandle['finished'];
  {
    await using run = await startRun({ scenario: scenarioPath('steady'), target: target.url, lanes: 1 });
    ({ finished } = run);
    await run.seconds().next();
  }
  expect(embeddedRunsOf(process.pid)).toEqual([]);
  expect((await finished).totals.requests).toBe(target.count);
});

test('invalid options, invalid scenarios and an early abort are errors with all problems', async () => {
  const options = { scenario: 'x.ts', users: -1, runTime: '5 parsecs' as '5s', secrets: { KEY: 'abc' } };
  const invalid = await failureOf(startRun(options));
  expect([invalid.code, invalid.exitCode]).toEqual(['usage', 2]);
  expect(invalid.problems).toEqual([
    'users: must be a whole number of at least 1',
    expect.stringMatching(/^runTime: '5 parsecs' is not a duration/),
    expect.stringMatching(/^secrets\.KEY: a secret with fewer than 4 characters/),
  ]);
  expect(invalid.message).not.toContain('--');

  const misspelled = { scenario: 'x.ts', user: 5 } as RunOptions;
  expect((await failureOf(startRun(misspelled))).problems).toEqual(['user: did you mean users?']);

  const directory = project({
    'scenario.mjs': `import { scenario, user } from 'drumline';
      export default scenario({ users: [user('a', { weigth: 2, tasks: {} })] });`,
  });
  const problems = startRun({ scenario: join(directory, 'scenario.mjs'), parameters: { items: 5 } });
  const { code, problems: found } = await failureOf(problems);
  expect(code).toBe('scenario-invalid');
  expect(found).toEqual([
    'users[0].weigth: is not an option\n→ did you mean weight?',
    expect.stringMatching(/^users\[0\]\.tasks: has no tasks/),
    expect.stringMatching(/^parameters\.items: the scenario has no parameter 'items'/),
  ]);

  const signal = AbortSignal.timeout(50);
  await expect(startRun({ scenario: scenarioPath('steady'), signal })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  await eventually(() => (embeddedRunsOf(process.pid).length === 0 ? true : undefined));
});

test('if the process of a run is killed, the run fails with a reason, and its workers end', async () => {
  const target = await closing(startTarget());
  const run = await start({ scenario: scenarioPath('steady'), target: target.url });
  const seconds = run.seconds();
  await seconds.next();
  const [pid] = embeddedRunsOf(process.pid);
  const all = descendantsOf(pid!);
  process.kill(pid!, 'SIGKILL');
  const lost = { name: 'RunError', code: 'master-lost', message: expect.stringContaining('SIGKILL') };
  await expect(run.finished).rejects.toMatchObject(lost);
  await expect(seconds.next()).rejects.toMatchObject(lost);
  await eventually(() => (all.some(isAlive) ? undefined : true));
});

async function failureOf(starting: Promise<unknown>): Promise<RunError> {
  const error = await starting.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RunError);
  return error as RunError;
}

describe('a program that starts a run', () => {
  const hosts: ChildProcess[] = [];
  afterEach(() => {
    for (const host of hosts.splice(0)) host.kill('SIGKILL');
  });

  /** Starts a program in JavaScript, and waits for its first line. */
  async function program(args: readonly string[], cwd = ROOT): Promise<{ pid: number; line: string }> {
    const env = { ...process.env };
    delete env['NODE_OPTIONS'];
    const host = spawn(process.execPath, ['--no-warnings', ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    hosts.push(host);
    let output = '';
    for (const stream of [host.stdout, host.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    const line = await eventually(
      () => /^.*\n/.exec(output)?.[0].trim(),
      undefined,
      () => `no line, only: ${output}`,
    );
    return { pid: host.pid!, line };
  }

  const optionsOf = (url: string): string =>
    JSON.stringify({ scenario: scenarioPath('steady'), target: url, lanes: 1 });

  test('takes the processes of its run with it when it is killed', async () => {
    const target = await closing(startTarget());
    const source = `
      import { startRun } from 'drumline/embed';
      const run = await startRun(${optionsOf(target.url)});
      await run.seconds().next();
      console.log(run.id);
      setInterval(() => {}, 1_000);`;
    const { pid } = await program(['--input-type=module', '-e', source]);
    const all = descendantsOf(pid);
    expect(all.length).toBeGreaterThanOrEqual(5);
    process.kill(pid, 'SIGKILL');
    await eventually(() => (all.some(isAlive) ? undefined : true));
    const { count } = target;
    expect(count).toBeGreaterThan(0);
  });

  test('can be a worker thread in CommonJS, with which the processes of its run end', async () => {
    const target = await closing(startTarget());
    const thread = `
      const { startRun } = require('drumline/embed');
      void startRun(${optionsOf(target.url)}).then(async (run) => {
        await run.seconds().next();
        require('node:worker_threads').parentPort.postMessage(run.id);
      });`;
    const source = `
      const { Worker } = require('node:worker_threads');
      const worker = new Worker(${JSON.stringify(thread)}, { eval: true });
      worker.once('message', async (id) => {
        process.once('SIGUSR2', () => worker.terminate());
        console.log(id);
      });
      setInterval(() => {}, 1_000);`;
    const { pid } = await program(['-e', source]);
    const [, ...run] = descendantsOf(pid);
    expect(run.length).toBeGreaterThanOrEqual(4);
    process.kill(pid, 'SIGUSR2');
    await eventually(() => (run.some(isAlive) ? undefined : true));
    expect(isAlive(pid)).toBe(true);
  });

  test.each<Format>(['esm', 'cjs'])('can be bundled with its packages (%s)', async (format) => {
    const target = await closing(startTarget());
    const directory = project({
      'host.ts': `
        import { startRun, RunError } from ${JSON.stringify(join(ROOT, 'packages/drumline/dist/embed/index.js'))};
        startRun({ ...${optionsOf(target.url)}, iterations: 5 }).then(
          async (run) => console.log('requests', (await run.finished).totals.requests),
          (error) => console.log(error instanceof RunError, error.message, error.hint),
        );`,
    });
    const outfile = join(directory, format === 'esm' ? 'host.mjs' : 'host.cjs');
    const entryPoints = [join(directory, 'host.ts')];
    await build({ entryPoints, outfile, bundle: true, platform: 'node', format, logLevel: 'silent' });
    // Its package is found from the working directory, and missing elsewhere.
    expect((await program([outfile])).line).toBe('requests 5');
    expect((await program([outfile], directory)).line).toMatch(/^true the process of a run .* external/);
    expect(target.count).toBe(5);
  });
});

test('the example starts runs from a form, and shows them live to every reader', async () => {
  const target = await closing(startTarget());
  await using service = spawnService();
  const url = await service.url;
  expect(await (await fetch(url)).text()).toContain('<form');
  const post = (path: string, body: object): Promise<Response> =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const invalid = await post('/runs', { target: 'nope', users: 0, seconds: 2 });
  expect([invalid.status, await invalid.json()]).toEqual([
    422,
    { problems: [expect.stringMatching(/^target: /), expect.stringMatching(/^users: /)] },
  ]);
  const started = await post('/runs', { target: target.url, users: 3, seconds: 60 });
  const { id } = (await started.json()) as { id: string };
  const read = async (headers: Record<string, string>): Promise<string> =>
    await (await fetch(`${url}/runs/${id}/events`, { headers })).text();
  const readers = Promise.all([read({}), read({ 'last-event-id': '1' })]);
  const leaving = await fetch(`${url}/runs/${id}/events`);
  let seen = '';
  for await (const chunk of leaving.body!.pipeThrough(new TextDecoderStream())) {
    seen += chunk;
    if (seen.includes('id: 2\n')) break;
  }
  expect(await (await post(`/runs/${id}/users`, { users: 5 })).json()).toMatchObject({ state: 'running' });
  expect(await (await post(`/runs/${id}/stop`, {})).json()).toEqual({ verdict: 'stopped-early' });
  const [all, later] = await readers;
  for (const events of [all, later]) expect(events).toContain(`"totals":{"requests":${target.count},`);
  expect(all).toMatch(/^id: 1\nevent: second\ndata: \{"number":1,/);
  expect(later).toContain('id: 2\nevent: second\n');
  expect(later).not.toContain('id: 1\n');
});

/** The service of the example, which is told to stop at the end of the scope. */
function spawnService(): AsyncDisposable & { readonly url: Promise<string> } {
  const env = { ...process.env };
  delete env['NODE_OPTIONS'];
  const service = spawn(process.execPath, [join(ROOT, 'examples/embed/service.mjs'), '0'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(service, 'exit');
  let output = '';
  service.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return {
    url: eventually(() => /Open (http:\S+)/.exec(output)?.[1]),
    [Symbol.asyncDispose]: async () => {
      service.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    },
  };
}
