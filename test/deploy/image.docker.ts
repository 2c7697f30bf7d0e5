// Tests real images in a real engine. Runs with `npm run test:docker`, separate from the other
// tests because it takes minutes.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT_CODES } from '@drumline/model';
import { MasterKey } from '@drumline/wire/security';
import { buildImage, Composed, docker, sizeOf, sizeOfBase, whyNoDocker } from './docker.js';

const IMAGE = 'drumline-test';
const TARGET_IMAGE = 'drumline-test-target';
const KEY = MasterKey.generate();
const SETTINGS = {
  IMAGE,
  TARGET_IMAGE,
  SCENARIOS: import.meta.dirname,
  SCENARIO: 'scenario.ts',
  DRUMLINE_KEY: KEY.text,
  DRUMLINE_TOKEN: KEY.workerToken.text,
  DRUMLINE_API_TOKEN: KEY.apiToken.text,
};

interface Result {
  readonly exitCode: number;
  readonly totals: { readonly requests: number; readonly failures: number; readonly interrupted: number };
  readonly workers: readonly { readonly state: string }[];
  readonly losses: readonly { readonly uncountedAtMost: number }[];
}

const reason = await whyNoDocker();
if (reason !== undefined) console.warn(`Images and compose file are NOT tested: ${reason}`);
const inDocker = reason === undefined ? describe : describe.skip;

test('an engine and a base image are available, or REQUIRE_DOCKER is not set', () => {
  if (process.env['REQUIRE_DOCKER']) expect(reason).toBeUndefined();
});

inDocker(`in Docker${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  beforeAll(async () => {
    await buildImage('drumline', IMAGE);
    await buildImage('target', TARGET_IMAGE);
  }, 900_000);

  test('the image adds less than 50 MB to its base', async () => {
    expect((await sizeOf(IMAGE)) - (await sizeOfBase())).toBeLessThan(50e6);
  });

  test('it runs as an unprivileged user, under an init process, with a read-only root file system', async () => {
    const run = ['run', '--rm', '--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--network', 'none'];
    expect(await docker(...run, IMAGE, '--version')).toMatch(/^\d+\.\d+\.\d+/);
    expect(await docker(...run, '--entrypoint', 'id', IMAGE, '-u')).toBe('1000');
    expect(await docker(...run, '--entrypoint', 'tini', IMAGE, '-g', '--', 'cat', '/proc/1/comm')).toBe(
      'tini',
    );
  });

  test('its bill of materials, at the place that the label names, lists what is installed', async () => {
    const label = '{{index .Config.Labels "dev.drumline.sbom"}}';
    const path = await docker('image', 'inspect', '--format', label, IMAGE);
    const cat = ['run', '--rm', '--network', 'none', '--entrypoint', 'cat', IMAGE];
    const { spdxVersion, packages } = JSON.parse(await docker(...cat, path)) as {
      spdxVersion: string;
      packages: { name: string; versionInfo: string }[];
    };
    expect(spdxVersion).toBe('SPDX-2.3');
    const versions = Object.fromEntries(packages.map(({ name, versionInfo }) => [name, versionInfo]));
    const { version } = JSON.parse(
      await docker(...cat, '/opt/drumline/node_modules/zeromq/package.json'),
    ) as { version: string };
    expect(versions).toMatchObject({
      zeromq: version,
      drumline: expect.any(String),
      tini: expect.any(String),
    });
    expect(versions).toHaveProperty('typebox');
  });

  test('with three workers, one of them stopped during the run, every request is in the report', async () => {
    await using cluster = await Composed.up(3, SETTINGS);
    const [master] = await cluster.containers('master');
    const [leaver, ...others] = await cluster.containers('worker');
    await cluster.runningFor(3);
    await docker('stop', leaver!);
    expect(await exitCodeOf(leaver!)).toBe('143');

    expect(await docker('wait', master!)).toBe('0');
    for (const worker of others) expect(await docker('wait', worker)).toBe('0');
    const { exitCode, totals, workers } = await resultOf(master!);
    expect({ exitCode, workers: workers.length, failures: totals.failures }).toEqual({
      exitCode: 0,
      workers: 3,
      failures: 0,
    });
    expect(totals.requests).toBe(await countOf(cluster));
    expect(totals.requests).toBeGreaterThan(0);
  });

  test('a killed master resumes its run when it is restarted', async () => {
    await using cluster = await Composed.up(2, SETTINGS);
    const [master] = await cluster.containers('master');
    await cluster.runningFor(2);
    await docker('kill', master!);
    await docker('start', master!);

    expect(await docker('wait', master!)).toBe('0');
    const { totals } = await resultOf(master!);
    expect(totals.requests).toBe(await countOf(cluster));
  });

  test('with a master that is cut off, a worker that is paused and one that is short of CPU, every request is in the report', async () => {
    await using cluster = await Composed.up(2, SETTINGS);
    const [master] = await cluster.containers('master');
    const [paused, slow] = await cluster.containers('worker');
    await cluster.runningFor(1);
    await cluster.network('disconnect', master!, 'master');
    await docker('update', '--cpus', '0.2', slow!);
    await docker('pause', paused!);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await docker('unpause', paused!);
    await cluster.network('connect', master!, 'master');

    expect(await docker('wait', master!)).toBe('0');
    const { totals, workers } = await resultOf(master!);
    expect(workers).toHaveLength(2);
    expect(totals.requests).toBe(await countOf(cluster));
  });

  test('what a killed worker did not deliver is estimated in the report, with a bound', async () => {
    await using cluster = await Composed.up(2, SETTINGS);
    const [master] = await cluster.containers('master');
    const [victim] = await cluster.containers('worker');
    await cluster.runningFor(2);
    await docker('kill', victim!);

    expect(await docker('wait', master!)).toBe(String(EXIT_CODES['worker-lost'].exitCode));
    const { totals, workers, losses } = await resultOf(master!);
    expect(workers.map(({ state }) => state).sort()).toEqual(['idle', 'missing']);
    const uncounted = (await countOf(cluster)) - totals.requests;
    expect(uncounted).toBeGreaterThanOrEqual(0);
    expect(losses).toHaveLength(1);
    expect(uncounted).toBeLessThanOrEqual(losses[0]!.uncountedAtMost);
  });

  test('a lane that exceeds the memory limit is started again, and what it did not deliver is estimated', async () => {
    await using cluster = await Composed.up(2, { ...SETTINGS, SCENARIO: 'growing.ts' });
    const [master] = await cluster.containers('master');
    const workers = await cluster.containers('worker');
    for (const worker of workers) await docker('update', '--memory', '200m', '--memory-swap', '200m', worker);

    expect(await docker('wait', master!)).toBe(String(EXIT_CODES['worker-lost'].exitCode));
    const { totals, losses, workers: reported } = await resultOf(master!);
    expect(reported.map(({ state }) => state)).toEqual(['idle', 'idle']);
    const uncounted = (await countOf(cluster)) - totals.requests;
    expect(losses.length).toBeGreaterThanOrEqual(2);
    expect(uncounted).toBeGreaterThanOrEqual(0);
    const atMost = losses.reduce((sum, { uncountedAtMost }) => sum + uncountedAtMost, 0);
    expect(uncounted).toBeLessThanOrEqual(atMost);
    expect(await docker('logs', master!)).toContain('by a memory limit of the system or by hand');
  });

  test('a master that stays executes what is submitted to it', async () => {
    await using cluster = await Composed.up(2, SETTINGS, ['compose.yaml', 'compose.serve.yaml']);
    const [master] = await cluster.containers('master');
    await cluster.healthy(master!);
    const submit = [
      'drumline',
      'submit',
      '/scenario/scenario.ts',
      '--target',
      'http://target:8080',
      '--watch',
    ];
    const reports = ['--json', '/results/result.json', '--html', '/results/report.html'];
    await cluster.run('exec', '-T', 'master', ...submit, ...reports);
    const { exitCode, totals } = await resultOf(master!);
    expect(exitCode).toBe(0);
    expect(totals.requests).toBe(await countOf(cluster));
  });

  test('a command in the master’s container needs no token, and a worker without one is rejected', async () => {
    await using cluster = await Composed.up(2, SETTINGS);
    await cluster.runningFor(1);
    expect(await cluster.run('exec', '-T', 'master', 'drumline', 'status')).toContain('running');
    const worker = ['worker', '--insecure', '--master=tcp://master:5557'];
    await expect(
      cluster.run('run', '--rm', '-T', '-e', 'DRUMLINE_TOKEN=', 'worker', ...worker),
    ).rejects.toThrow('requires a token, and this worker has none');
  });

  test('a stopped master ends the run and writes the report', async () => {
    await using cluster = await Composed.up(2, SETTINGS);
    const [master] = await cluster.containers('master');
    await cluster.runningFor(2);
    await docker('stop', master!);

    expect(await exitCodeOf(master!)).toBe('130');
    for (const worker of await cluster.containers('worker')) expect(await docker('wait', worker)).toBe('0');
    const { exitCode, totals } = await resultOf(master!);
    expect(exitCode).toBe(130);
    expect(totals.requests).toBe(await countOf(cluster));
  });
});

async function exitCodeOf(container: string): Promise<string> {
  return await docker('inspect', '--format', '{{.State.ExitCode}}', container);
}

async function resultOf(master: string): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'drumline-results-'));
  try {
    await docker('cp', `${master}:/results/.`, folder);
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toMatch(/<\/html>\s*$/);
    return JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')) as Result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The target's own count of requests. */
async function countOf(cluster: Composed): Promise<number> {
  const ask =
    "fetch('http://127.0.0.1:8080/__count').then((r) => r.json()).then((r) => console.log(r.requests))";
  return Number(await cluster.run('exec', '-T', 'target', 'node', '-e', ask));
}
