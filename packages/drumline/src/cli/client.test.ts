import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { MasterKey } from '@drumline/wire/security';
import { sampleResult } from '../../../../test/support/sample-result.js';
import { errorOf } from '../../test/error-of.js';
import { CLI, runCli, temporaryDirectory } from '../../test/run-cli.js';

type Answer = [status: number, body: unknown];

const STATUS = {
  scenario: 'shop.ts',
  state: 'running',
  paused: false,
  elapsedMs: 61_000,
  plannedMs: null,
  users: 9,
  plannedUsers: 10,
  busiestLanePercent: 2.5,
  placedUsers: 10,
  cutOffUsers: 0,
  quantilesEverySeconds: 1,
  workers: { connected: 1, expected: 2, missing: 1 },
  address: 'tcp://127.0.0.1:5557',
  badFrames: 3,
  refusedWorkers: 0,
  refusals: { 'bad-frame': 3 },
  stages: [],
  failed: {
    requests: 4,
    checks: 0,
    exceptions: 2,
    newestException: {
      user: 'u',
      task: 't',
      message: 'boom',
      place: 'shop.ts:4:2',
      at: '2026-01-01T00:00:00.000Z',
    },
  },
  notes: [{ code: 'worker-lost', message: 'Worker a was lost.' }],
};

/** A server that replaces the control API of a master. */
async function fakeMaster(answers: Record<string, Answer>, events: string[] = []) {
  const seen: string[] = [];
  const tokens: (string | undefined)[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const route = `${request.method} ${request.url}`;
    tokens.push(request.headers.authorization);
    const body = (await request.toArray()).join('');
    seen.push(body === '' ? route : `${route} ${body}`);
    if (route === 'GET /v1/runs/current') {
      response.end('{"runId":"current"}');
      return;
    }
    if (route === 'GET /v1/runs/current/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`: hello\n\n${events.map((data) => `event: x\ndata: ${data}\n\n`).join('')}`);
      return;
    }
    const [status, content] = answers[route] ?? [404, 'nothing'];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    api: `127.0.0.1:${port}`,
    seen,
    tokens,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

describe('the token', () => {
  const asksForToken: Answer = [
    401,
    { error: 'this control API needs a token', code: 'token-missing', hint: 'Send it.' },
  ];

  test('is sent with every request, from the file or the environment', async () => {
    const done: Answer = [200, { state: 'running', message: 'Done.' }];
    await using master = await fakeMaster({ 'POST /v1/runs/current/pause': done }, [
      '{"type":"end","exitCode":0,"verdict":"passed"}',
    ]);
    await using directory = await temporaryDirectory();
    const [ofFile, ofEnvironment] = [MasterKey.generate(), MasterKey.generate()].map(
      ({ apiToken }) => apiToken.text,
    ) as [string, string];
    await writeFile(directory.at('token'), `${ofFile}\n`, { mode: 0o600 });
    const inFile = ['--api', master.api, '--api-token-file', directory.at('token')];
    await runCli(['pause', ...inFile], { env: { DRUMLINE_API_TOKEN: ofEnvironment } });
    await runCli(['watch', '--api', master.api], { env: { DRUMLINE_API_TOKEN: ofEnvironment } });
    const key = MasterKey.generate();
    await runCli(['pause', '--api', master.api], { env: { DRUMLINE_KEY: key.text } });
    await runCli(['pause', '--api', master.api]);
    expect(master.tokens).toEqual([
      `Bearer ${ofFile}`,
      `Bearer ${ofEnvironment}`,
      // `watch` asks which run it is, and for the result at the end, or for the reason of none.
      `Bearer ${ofEnvironment}`,
      `Bearer ${ofEnvironment}`,
      `Bearer ${ofEnvironment}`,
      `Bearer ${key.apiToken.text}`,
      undefined,
    ]);
  });

  test('is wrong or missing: a separate exit code', async () => {
    await using master = await fakeMaster({ 'GET /v1/runs/current/status': asksForToken });
    const { exitCode, stderr } = await runCli(['status', '--api', master.api]);
    expect(stderr).toBe('error: this control API needs a token\nhint: Send it.\n');
    expect(exitCode).toBe(8);
  });

  test('is malformed: reported without its text', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.at('token'), 'not a token', { mode: 0o600 });
    for (const [file, words] of [
      ['token', 'does not contain a Drumline credential'],
      ['nothing', '--api-token-file: the file cannot be read: ENOENT'],
    ] as const) {
      const { exitCode, message, hint } = await errorOf(['status', '--api-token-file', directory.at(file)]);
      expect(message).toContain(words);
      expect(`${message} ${hint}`).not.toContain('not a token');
      expect(exitCode).toBe(2);
    }
    const env = { DRUMLINE_API_TOKEN: 'not a token' };
    const { exitCode, stderr } = await runCli(['status'], { env });
    expect(stderr).toContain('DRUMLINE_API_TOKEN does not contain a Drumline credential');
    expect(stderr).not.toContain('not a token');
    expect(exitCode).toBe(2);
  });
});

test('a hint explains how to start a missing master', async () => {
  for (const command of [
    'status',
    'workers',
    'stats',
    'watch',
    'start',
    'stop',
    'pause',
    'resume',
    'reset',
  ]) {
    const { message, hint, exitCode } = await errorOf([command, '--api', '127.0.0.1:9']);
    expect(message).toMatch(/^no master answers at http:\/\/127\.0\.0\.1:9: ./);
    expect(hint).toMatch(/^Start one with/);
    expect(exitCode).toBe(7);
  }
});

describe('views', () => {
  test('status prints text, or JSON with --json', async () => {
    await using master = await fakeMaster({ 'GET /v1/runs/current/status': [200, STATUS] });
    const { stdout } = await runCli(['status', '--api', master.api]);
    for (const words of [
      'shop.ts',
      'running',
      '1m1s, until stopped',
      '9 of 10',
      '1 missing',
      'Worker a was lost.',
    ]) {
      expect(stdout).toContain(words);
    }
    const forPrograms = await runCli(['status', '--json', '--api', `http://${master.api}/`]);
    expect(JSON.parse(forPrograms.stdout)).toEqual(STATUS);
  });

  test('the status of a load with a rate shows only the number of users', async () => {
    const status = { ...STATUS, plannedUsers: 0, placedUsers: 0 };
    await using master = await fakeMaster({ 'GET /v1/runs/current/status': [200, status] });
    const { stdout } = await runCli(['status', '--api', master.api]);
    expect(stdout).toMatch(/^users +9$/m);
  });

  test('a server that is not a master is reported', async () => {
    await using stranger = await fakeMaster({ 'GET /v1/runs/current/status': [500, 'oops'] });
    const { exitCode, message } = await errorOf(['status', '--api', stranger.api]);
    expect(message).toContain('is not a Drumline master');
    expect(exitCode).toBe(7);
  });
});

describe('orders', () => {
  test('are sent to the master', async () => {
    const done: Answer = [200, { state: 'running', message: 'Done.' }];
    await using master = await fakeMaster({
      'POST /v1/runs/current/users': done,
      'POST /v1/runs/current/pause': done,
    });
    const users = await runCli(['users', '50', '-r', '5', '--api', master.api]);
    expect(users).toEqual({ exitCode: 0, stdout: 'Done.\n', stderr: '' });
    await runCli(['users', '0'], { env: { DRUMLINE_API: `http://${master.api}` } });
    await runCli(['pause', '--api', master.api]);
    expect(master.seen).toEqual([
      'POST /v1/runs/current/users {"users":50,"spawnRate":5}',
      'POST /v1/runs/current/users {"users":0}',
      'POST /v1/runs/current/pause',
    ]);
  });

  test('change the users or the rate of one user type', async () => {
    const done: Answer = [200, { state: 'running', message: 'Done.' }];
    await using master = await fakeMaster({
      'POST /v1/runs/current/users': done,
      'POST /v1/runs/current/rate': done,
    });
    const api = ['--api', master.api];
    await runCli(['users', '50', '--user', 'shopper', ...api]);
    await runCli(['rate', '300/s', ...api]);
    await runCli(['rate', '3/20s', '--user', 'admin', '--over', '30s', ...api]);
    expect(master.seen).toEqual([
      'POST /v1/runs/current/users {"users":50,"user":"shopper"}',
      'POST /v1/runs/current/rate {"perSecond":300}',
      'POST /v1/runs/current/rate {"perSecond":0.15,"overMs":30000,"user":"admin"}',
    ]);
    const { exitCode, message } = await errorOf(['rate', '300', ...api]);
    expect([exitCode, message]).toEqual([2, expect.stringContaining('write 300/s')]);
  });

  test('have a separate exit code if the master rejects them', async () => {
    const answer: Answer = [
      409,
      { error: 'the run is over', code: 'request-invalid', hint: 'Start another.' },
    ];
    await using master = await fakeMaster({ 'POST /v1/runs/current/start': answer });
    const { exitCode, stderr } = await runCli(['start', '--api', master.api]);
    expect(stderr).toBe('error: the run is over\nhint: Start another.\n');
    expect(exitCode).toBe(11);
  });

  test('stop returns when the run has ended', async () => {
    const answers: Record<string, Answer> = {
      'POST /v1/runs/current/stop': [200, { state: 'draining', message: 'Stopping.' }],
    };
    await using master = await fakeMaster(answers, ['{"type":"end","exitCode":0,"verdict":"passed"}']);
    const { exitCode, stdout } = await runCli(['stop', '--api', master.api]);
    expect([exitCode, stdout]).toEqual([0, 'Stopping.\nThe run has ended.\n']);
    expect((await runCli(['stop', '--no-wait', '--api', master.api])).stdout).toBe('Stopping.\n');
  });
});

describe('watch', () => {
  const end = '{"type":"end","exitCode":5,"verdict":"failed"}';

  test('exits with the exit code of the run', async () => {
    await using master = await fakeMaster({}, ['{"type":"state","state":"running","at":"now"}', end]);
    const { exitCode, stdout } = await runCli(['watch', '--api', master.api]);
    expect(stdout).toBe('state: running\nThe run has ended: failed, exit code 5.\n');
    expect(exitCode).toBe(5);
    expect((await runCli(['watch', '--json', '--api', master.api])).stdout).toContain(`${end}\n`);
  });

  test('ends with the summary and the path of the report', async () => {
    const interval = JSON.stringify({ type: 'interval', status: { ...STATUS, report: '/tmp/report.html' } });
    await using master = await fakeMaster({ 'GET /v1/runs/current/result': [200, sampleResult()] }, [
      interval,
      end,
    ]);
    const { exitCode, stdout } = await runCli(['watch', '--api', master.api]);
    expect(stdout).toContain('✗ failed  shop.ts against https://shop.example in 10m');
    expect(stdout).toMatch(/\nreport {2}\/tmp\/report.html\n$/);
    expect(exitCode).toBe(5);
  });

  test('ends when the reader of its output closes the pipe, as `head` does', async () => {
    const server = createServer(({ url }, response) => {
      if (url === '/v1/runs/current') return void response.end('{"runId":"r1"}');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const timer = setInterval(() => response.write('data: {"type":"state","state":"running"}\n\n'), 50);
      response.once('close', () => clearInterval(timer));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = spawn(process.execPath, [CLI, 'watch', '--json', '--api', api]);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect(await once(child, 'exit')).toEqual([130, null]);
    server.close();
  });

  test('distinguishes a lost master from a run that ended', async () => {
    await using master = await fakeMaster({}, ['{"type":"state","state":"running","at":"now"}']);
    const { exitCode, stderr } = await runCli(['watch', '--api', master.api]);
    expect(stderr).toContain('was lost before the run ended');
    expect(exitCode).toBe(7);
  });
});
