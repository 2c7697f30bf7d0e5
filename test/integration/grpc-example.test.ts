// The gRPC example, run as its README describes. The report has every call that its server
// answered.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { Drumline, eventually } from '../support/drumline.js';

const FOLDER = fileURLToPath(new URL('../../examples/grpc-accounts/', import.meta.url));

test('the gRPC example passes its checks, and its report has as many calls as its server answered', async () => {
  const server = spawn(process.execPath, [`${FOLDER}server.mjs`, '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let said = '';
    server.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const port = await eventually(() => /127\.0\.0\.1:(\d+)/.exec(said)?.[1]);

    const target = ['-H', `http://127.0.0.1:${port}`];
    const load = ['-u', '20', '-t', '3s', '--workers', '1', '--lanes', '1'];
    const outputs = ['--json', '-', '--quiet', '--no-html', '--no-api'];
    await using run = new Drumline(['run', `${FOLDER}scenario.ts`, ...target, ...load, ...outputs]);
    const result = JSON.parse((await run.ended).stdout) as RunResult;
    expect(result).toMatchObject({ exit: 'passed', errors: [], exceptions: [] });
    expect(result.checks.filter(({ fails }) => fails > 0)).toEqual([]);

    server.kill('SIGTERM');
    await once(server, 'close');
    expect(said).toContain(`${result.totals.requests} calls`);
    const names = result.series.map(({ name }) => name);
    expect(names).toContain('balances of 10');
    // Which of the rarer tasks are picked within three seconds is left to chance.
    expect(names.some((name) => name.startsWith('bank.Accounts/'))).toBe(true);
  } finally {
    server.kill('SIGKILL');
  }
});
