// Checks the control API of a running master against its OpenAPI document with schemathesis (PyPI).
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const bin = fileURLToPath(new URL('../../packages/drumline/bin/drumline.js', import.meta.url));
const scenario = fileURLToPath(new URL('../scenarios/steady.ts', import.meta.url));
const isThere = spawnSync('schemathesis', ['--version']).status === 0;
/**
 * Excluded: an event stream has no end, and a stopped master does not answer. `missing` is also a
 * value of `{hash}`, and `inspect` and `start` of `{path}`, which have other methods.
 */
const LEFT_OUT = [
  '/v1/runs/{id}/events',
  '/v1/runs/{id}/stop',
  '/v1/runs/{id}/cancel',
  '/v1/artifacts/missing',
  '/v1/scenarios/inspect',
  '/v1/scenarios/start',
];
/** Excluded: filters and cursors have a grammar, and submissions contain plans. */
const CHECKS_LEFT_OUT = 'positive_data_acceptance';

(isThere ? test : test.skip)(
  isThere ? 'matches its OpenAPI document' : 'schemathesis is missing',
  async () => {
    const args = ['master', scenario, '-H', 'http://127.0.0.1:9', '-u', '2', '-t', '10m', '--no-store'];
    const ports = ['--no-html', '--bind', 'tcp://127.0.0.1:0', '--api', '127.0.0.1:0'];
    const master = spawn(process.execPath, [bin, ...args, ...ports], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const url = await apiOf(master.stdout);
      const excluded = LEFT_OUT.flatMap((path) => ['--exclude-path', path]);
      const options = [
        '--max-examples',
        '25',
        '--seed',
        '1',
        '--no-color',
        '--exclude-checks',
        CHECKS_LEFT_OUT,
        ...excluded,
      ];
      // The error contains the program's output with the findings.
      const { stdout } = await promisify(execFile)(
        'schemathesis',
        ['run', `${url}/openapi.json`, ...options],
        {
          // It creates a directory in the current one.
          cwd: tmpdir(),
        },
      );
      expect(stdout).toMatch(/ (\d+) generated, \1 passed/);
    } finally {
      master.kill('SIGKILL');
      await once(master, 'exit');
    }
  },
  120_000,
);

async function apiOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const [, url] = /API at (\S+)/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('the master ended before its API answered');
}
