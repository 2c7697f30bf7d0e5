// Authentication of real masters and workers, with and without keys and tokens.
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MasterKey } from '@drumline/wire/security';
import { encodeMessage, type StatusView } from '@drumline/wire';
import { Dealer } from 'zeromq';
import { errorOf } from '../../packages/drumline/test/error-of.js';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { WORKER_MESSAGES } from '../contract/wire-messages.js';
import { Cluster, Drumline, eventually, scenarioPath, type Ended } from '../support/drumline.js';

/** Files as `drumline token` writes them. */
interface Credentials {
  readonly key: string;
  readonly token: string;
  readonly apiToken: string;
}

let folder: string;
let target: Target;
let ours: Credentials;
let theirs: Credentials;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drumline-token-'));
  target = await startTarget();
  [ours, theirs] = [await writeCredentials('ours'), await writeCredentials('theirs')];
});
afterAll(async () => {
  await target.close();
  await rm(folder, { recursive: true, force: true });
});

async function writeCredentials(name: string): Promise<Credentials> {
  const key = MasterKey.generate();
  const write = async (kind: string, text: string): Promise<string> => {
    const path = join(folder, `${name}.${kind}`);
    await writeFile(path, `${text}\n`, { mode: 0o600 });
    return path;
  };
  return {
    key: await write('key', key.text),
    token: await write('token', key.workerToken.text),
    apiToken: await write('api-token', key.apiToken.text),
  };
}

async function drumline(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  await using process = new Drumline(args, env);
  return await process.ended;
}

test('a master with a key admits only workers with its token', async () => {
  const before = target.count;
  // With secrets, a separate link process serves the workers. It must deliver rejections too.
  const env = { DRUMLINE_SECRET_PASSWORD: 'correct horse' };
  await using cluster = await Cluster.start('quick', ['-H', target.url, '--key-file', ours.key], env);
  const { address, port } = cluster;

  await using none = cluster.addWorker('none');
  await using wrong = cluster.addWorker('wrong', ['--token-file', theirs.token]);
  expect(await none.ended).toMatchObject({
    code: 8,
    output: expect.stringContaining('requires a token, and this worker has none'),
  });
  expect(await wrong.ended).toMatchObject({
    code: 8,
    output: expect.stringContaining('does not accept the token of this worker'),
  });
  expect((await none.ended).output).toContain('--token-file');

  const known = connectionsRefused(await cluster.status());
  const stranger = new Dealer({ linger: 0 });
  const garbage = connect(port, '127.0.0.1').on('error', () => {});
  try {
    stranger.connect(address);
    void stranger.send(encodeMessage(WORKER_MESSAGES.hello)).catch(() => {});
    garbage.write(randomBytes(10_000));
    await cluster.until((status) => connectionsRefused(status) > known);
  } finally {
    stranger.close();
    garbage.destroy();
  }
  const { refusals, workers } = await cluster.status();
  expect(Object.keys(refusals)).toEqual(['connection']);
  expect(workers.connected).toBe(0);
  const { output } = await drumline(['status', '--api', cluster.api]);
  expect(output).toMatch(/^refused +[1-9]\d* connections/m);

  cluster.addWorker('good', ['--token-file', ours.token]);
  const result = await cluster.result();
  expect(result).toMatchObject({ code: 0, workers: [{ id: 'good' }] });
  expect(result.totals.requests).toBe(target.count - before);
  expect(result.output).toContain('Refused a connection: it did not authenticate with the token');
});

test('credentials may come from the environment, and user code sees none of them', async () => {
  const key = MasterKey.generate();
  const shared = { SEEN_BY_ALL: 'the rest' };
  const env = { ...shared, DRUMLINE_KEY: key.text, DRUMLINE_API_TOKEN: key.apiToken.text };
  await using cluster = await Cluster.start('nosy', ['-H', target.url], env);
  const worker = cluster.addWorker('w', [], cluster.address, {
    env: { ...env, DRUMLINE_TOKEN: key.workerToken.text },
  });
  const result = await cluster.result();
  expect(result.code).toBe(0);
  expect(result.output).toContain('I see the rest and [].');
  expect((await worker.ended).output).toContain('w/0: I see the rest and [].');
});

test('`drumline run` passes no credentials to its workers and needs none', async () => {
  const key = MasterKey.generate();
  const { code, output } = await drumline(
    ['run', scenarioPath('nosy'), '-H', target.url, '--no-api', '--no-html', '--no-store'],
    { SEEN_BY_ALL: 'the rest', DRUMLINE_KEY: key.text, DRUMLINE_TOKEN: key.workerToken.text },
  );
  expect(code).toBe(0);
  expect(output.match(/I see the rest and \[\]\./g)).toHaveLength(2);
});

test('beyond this machine, one command creates the key and tokens for master, worker and client', async () => {
  const args = ['master', scenarioPath('quick'), '-H', target.url, '--no-html', '--no-autostart'];
  const open = ['--bind', 'tcp://0.0.0.0:0', '--api', '0.0.0.0:0'];
  await using master = new Drumline([...args, ...open, '--key-file', ours.key]);
  const [, port] = await master.prints(/join at tcp:\/\/0\.0\.0\.0:(\d+)/);
  const [, api] = await master.prints(/API at (http:\S+)/);
  await using worker = new Drumline([
    'worker',
    '--master',
    `tcp://127.0.0.1:${port}`,
    '--lanes',
    '1',
    '--token-file',
    ours.token,
  ]);
  await worker.prints(/Joined/);

  expect(await errorOf(['start', '--api', api!])).toMatchObject({
    exitCode: 8,
    message: expect.stringContaining('needs a token'),
  });
  expect(await errorOf(['start', '--api', api!, '--api-token-file', theirs.apiToken])).toMatchObject({
    exitCode: 8,
  });
  await eventually(async () => {
    const { code } = await drumline(['start', '--api', api!, '--api-token-file', ours.apiToken]);
    return code === 0 ? true : undefined;
  });
  expect(await master.ended).toMatchObject({ code: 0 });
  expect(await worker.ended).toMatchObject({ code: 0 });
  expect(master.output).not.toContain('warning');
});

describe('beyond this machine, without a key or token', () => {
  const quick = ['master', scenarioPath('quick'), '--no-html'];
  test.each([
    ['a port for workers', [...quick, '--bind', 'tcp://0.0.0.0:0', '--no-api'], 'needs a key'],
    ['a control API', [...quick, '--bind', 'tcp://127.0.0.1:0', '--api', '0.0.0.0:0'], 'needs a key'],
    ['the control API of `run`', ['run', scenarioPath('quick'), '--api', '0.0.0.0:0'], 'needs a key'],
    ['a worker', ['worker', '--master', 'tcp://192.0.2.1:5557'], 'needs a token'],
    [
      'a worker of a host that looks local',
      ['worker', '--master', 'tcp://127.0.0.1.example:5'],
      'needs a token',
    ],
  ])('%s is an error with a remedy', async (_, args, message) => {
    const refusal = await errorOf(args);
    expect(refusal.message).toContain(message);
    expect(refusal.hint).toContain('drumline token');
    expect(refusal.hint).toContain('--insecure');
    expect(refusal.exitCode).toBe(2);
  });

  test('a master continues with --insecure, and warns', async () => {
    const open = ['--bind', 'tcp://0.0.0.0:0', '--api', '0.0.0.0:0', '--insecure'];
    await using master = new Drumline([...quick, ...open]);
    await master.prints(/join at tcp:\/\/0\.0\.0\.0:\d+/);
    expect(master.output.match(/^warning: running without a key/gm)).toHaveLength(2);
  });
});

describe('an invalid credential', () => {
  test.each([
    [
      'the wrong file',
      () => ['worker', '--token-file', ours.key],
      'holds a master’s key, but a worker token is required',
    ],
    [
      'no file',
      () => ['worker', '--token-file', join(folder, 'absent')],
      '--token-file: the file cannot be read',
    ],
    [
      'the token itself',
      () => ['worker', '--token-file', MasterKey.generate().workerToken.text],
      'expects the path of a file',
    ],
  ])('%s is reported', async (_, args, message) => {
    const refusal = await errorOf(args());
    expect(refusal.message).toContain(message);
    expect(`${refusal.message} ${refusal.hint}`).not.toMatch(/drumline-\w+-1\.[\w-]{20}/);
    expect(refusal.exitCode).toBe(2);
  });

  test('from the environment is reported with its variable', async () => {
    const { code, output } = await drumline(['worker'], { DRUMLINE_TOKEN: 'secret stuff' });
    expect(output).toContain('DRUMLINE_TOKEN does not contain a Drumline credential');
    expect(output).not.toContain('secret stuff');
    expect(code).toBe(2);
  });

  test('that is readable by others is used, with a warning', async () => {
    const { apiToken } = await writeCredentials('open');
    await chmod(apiToken, 0o644);
    const { output } = await drumline(['status', '--api', '127.0.0.1:1', '--api-token-file', apiToken]);
    expect(output).toContain(`warning: other users can read ${apiToken}`);
    expect(output).toContain('no master answers');
  });
});

function connectionsRefused({ refusals }: StatusView): number {
  return refusals['connection'] ?? 0;
}

test('a leaked token is useless once the run has another master with a new key', async () => {
  const watchful = ['--heartbeat', '250ms', '--missing-after', '1s'];
  const before = target.count;
  await using cluster = await Cluster.start('steady', [
    '-H',
    target.url,
    '-t',
    '2m',
    '--key-file',
    ours.key,
    ...watchful,
  ]);
  const old = cluster.addWorker('old', ['--token-file', ours.token, '--orphan-grace', '1s']);
  await cluster.until(({ users, elapsedMs }) => users === 10 && elapsedMs > 1_000);
  await cluster.killMaster();
  cluster.startMasterAgain(['master', '--resume', ...watchful, '--key-file', theirs.key]);
  cluster.addWorker('new', ['--token-file', theirs.token]);

  await old.prints(/does not accept the token of this worker/);
  await eventually(async () => {
    const views = await cluster.workerViews();
    return views.some(({ id, users }) => id === 'new' && users === 10) ? true : undefined;
  });
  await cluster.order('stop');
  const result = await cluster.result();
  expect(result.exit).toBe('worker-lost');
  expect(result.workers.map(({ id }) => id).toSorted()).toEqual(['new', 'old']);
  expect(result.notes.map(({ message }) => message).join('\n')).toContain('old');
  expect(result.totals.requests).toBeLessThanOrEqual(target.count - before);
});
