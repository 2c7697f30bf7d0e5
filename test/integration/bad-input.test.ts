// Invalid input and unknown peers: every message has the problem, the place and the remedy. None of
// them disturbs a running test.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dealer } from 'zeromq';
import { encodeMessage } from '@drumline/wire';
import { errorOf } from '../../packages/drumline/test/error-of.js';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { Cluster, Drumline, scenarioPath, type Ended } from '../support/drumline.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drumline-test-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function drumline(...args: string[]): Promise<Ended> {
  await using process = new Drumline(args);
  const ended = await process.ended;
  expect(ended.output).not.toMatch(/^\s+at .*node:internal/m);
  return ended;
}

async function run(code: string, ...args: string[]): Promise<Ended> {
  const path = join(directory, 'scenario.ts');
  await writeFile(path, code);
  return await drumline('run', path, '--no-html', '--no-api', ...args);
}

describe('an invalid scenario', () => {
  test('with a syntax error', async () => {
    const { code, output } = await run("import { user } from 'drumline';\nconst a = ;\n");
    expect(code).toBe(3);
    expect(output).toMatch(/scenario\.ts:2:1\d: Unexpected ";"/);
  });

  test('with a type error', async () => {
    const path = join(directory, 'scenario.ts');
    await writeFile(
      path,
      `import { scenario, user } from 'drumline';
export default scenario({ users: [user('a', { wieght: 3, tasks: { t: () => {} } })] });`,
    );
    const { code, output } = await drumline('check', path);
    expect(code).toBe(3);
    expect(output).toMatch(/scenario\.ts\(2,\d+\).*wieght/s);
  });

  test('with a local address that the worker’s machine lacks', async () => {
    const { code, output } = await run(
      `import { scenario, user } from 'drumline';
      export default scenario({
        target: 'http://127.0.0.1:9',
        http: { localAddresses: ['192.0.2.1'] },
        users: [user('a', { tasks: { t: () => {} } })],
      });`,
    );
    expect(code).toBe(10);
    expect(output).toMatch(
      /could not load the scenario: http\.localAddresses: .* has no address 192\.0\.2\.1\n/,
    );
    expect(output).not.toMatch(/^\s+at /m);
  });

  test('with five errors, all reported at once', async () => {
    const { code, output } = await run(
      `import { scenario, startWith, user } from 'drumline';
      export default scenario({
        target: 'shop.example',
        users: [
          user('a', { weight: -1, tasks: {} }),
          user('a', { fixedCount: 1.5, tasks: { t: 7 as never } }),
        ],
        load: startWith(5).hold().ramp({ to: 3, over: '1s' }),
      });`,
    );
    expect(code).toBe(3);
    for (const where of [
      'target:',
      'users\\[0\\]\\.weight:',
      'users\\[0\\]\\.tasks:',
      "name 'a' is already in use",
      'users\\[1\\]\\.fixedCount:',
      'users\\[1\\]\\.tasks\\.t:',
      'load stage 2:',
    ]) {
      expect(output).toMatch(new RegExp(where));
    }
    expect(output).toContain('7 problems');
  });

  test('that does not exist', async () => {
    const { exitCode, message, hint } = await errorOf(['run', join(directory, 'missing.ts')]);
    expect(exitCode).toBe(3);
    expect(message).toMatch(/missing\.ts does not exist/);
    expect(hint).toContain('drumline new');
  });
});

describe('a run that cannot start', () => {
  test('because the report cannot be written, which is detected before the run', async () => {
    const place = join(directory, 'no', 'such', 'place.json');
    const { exitCode, message } = await errorOf(['run', scenarioPath('quick'), '--json', place]);
    expect(exitCode).toBe(9);
    expect(message).toMatch(/place\.json/);
  });

  test('because the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, output } = await drumline(
      'master',
      scenarioPath('quick'),
      '--bind',
      `tcp://127.0.0.1:${port}`,
      '--no-html',
      '--no-api',
    );
    server.close();
    expect(code).toBe(6);
    expect(output).toMatch(new RegExp(`${port}[\\s\\S]*--bind`));
  });

  test('because no worker joined', async () => {
    const { code, output } = await drumline(
      'master',
      scenarioPath('quick'),
      '--bind',
      'tcp://127.0.0.1:0',
      '--expect-workers',
      '2',
      '--expect-workers-max-wait',
      '500ms',
      '--no-html',
      '--no-api',
    );
    expect(code).toBe(4);
    expect(output).toMatch(/0 of 2 expected workers[\s\S]*drumline worker --master/);
  });

  test('because no master listens', async () => {
    const { code, output } = await drumline(
      'worker',
      '--master',
      'tcp://127.0.0.1:1',
      '--connect-timeout',
      '500ms',
    );
    expect(code).toBe(7);
    expect(output).toMatch(/No master answered at tcp:\/\/127\.0\.0\.1:1/);
  });

  test('because setup returns data that cannot be sent to the lanes', async () => {
    const { code, output } = await run(
      `import { scenario, setup, user } from 'drumline';
      const clients = setup(() => ({ ask: () => 1 }));
      export default scenario({ users: [user('a', { tasks: { t: () => {} } })], setup: clients });`,
    );
    expect(code).toBe(10);
    expect(output).toMatch(
      /the value that setup returns cannot be sent to the lanes: \(\) => 1 could not be cloned\. Return plain data: /,
    );
    expect(output).not.toContain('node:internal');
  });

  test('because a worker lacks a package that is not in the bundle', async () => {
    const { code, output } = await run(
      `import { scenario, user } from 'drumline';
      export default scenario({ users: [user('a', { tasks: { t: () => import('not-there') } })] });`,
      '--external',
      'not-there',
    );
    expect(code).toBe(10);
    expect(output).toMatch(
      /Worker worker-1 could not load the scenario: the package not-there is not installed here\..* npm install not-there/,
    );
  });

  test('because setup throws', async () => {
    const { code, output } = await run(
      `import { scenario, user } from 'drumline';
      export default scenario({ users: [user('a', { tasks: { t: () => {} } })], setup: () => { throw new Error('no fixtures'); } });`,
    );
    expect(code).toBe(10);
    expect(output).toMatch(/setup failed: .*no fixtures[\s\S]*scenario\.ts:2/);
  });
});

const HELLO_OF_OLD = {
  type: 'hello',
  protocol: 0,
  version: '0.0.1',
  instance: 'x',
  name: 'old',
  host: 'h',
  pid: 1,
  lanes: 1,
  node: 'v1',
  orphanGraceMs: 0,
} as const;

describe('a running test', () => {
  let target: Target;
  beforeEach(async () => {
    target = await startTarget();
  });
  afterEach(async () => {
    await target.close();
  });

  test('is not disturbed by garbage on its port, unknown peers, a duplicate worker name, or another version', async () => {
    await using cluster = await Cluster.start('quick', ['-H', target.url, '-t', '10m']);
    cluster.addWorker('w1');
    await cluster.until(({ users }) => users === 10);

    const port = Number(new URL(cluster.address).port);
    const raw = connect(port, '127.0.0.1');
    raw.on('error', () => {});
    raw.write(Buffer.alloc(4_096, 'GET / HTTP/1.1\r\n'));
    const stranger = new Dealer({ linger: 0 });
    stranger.connect(cluster.address);
    for (const frame of [
      Buffer.from([0xc1]),
      Buffer.from('{}'),
      Buffer.alloc(100_000, 0xff),
      encodeMessage({ type: 'goodbye', reason: 'x', complete: true }),
    ]) {
      await stranger.send(frame);
    }
    await stranger.send(['three', 'frames', 'too many']);
    await using namesake = new Drumline([
      'worker',
      '--master',
      cluster.address,
      '--name',
      'w1',
      '--lanes',
      '1',
    ]);
    const refused = await namesake.ended;
    expect(refused.code).toBe(8);
    expect(refused.output).toMatch(/'w1' is already connected[\s\S]*--name/);
    const old = new Dealer({ linger: 0 });
    old.connect(cluster.address);
    await old.send(encodeMessage(HELLO_OF_OLD));
    const [answer] = await old.receive();
    expect(answer!.toString('latin1')).toMatch(/refused[\s\S]*version 0 of the protocol/);
    old.close();
    await cluster.until(({ badFrames, refusedWorkers }) => badFrames >= 4 && refusedWorkers === 2);
    stranger.close();
    raw.destroy();

    await cluster.order('stop');
    const result = await cluster.result();
    expect(result.totals.requests).toBe(target.count);
    expect(result).toMatchObject({ code: 14, notes: [{ code: 'stopped-early' }, { code: 'refused' }] });
    expect(result.notes[1]!.message).toMatch(
      /\d frames that are not .*, 2 messages from peers that have not joined, a worker whose name is in use/,
    );
  });

  test('with a target that refuses connections counts failures under that name', async () => {
    const gone = target.url;
    await target.close();
    await using cluster = await Cluster.start('failing', ['-H', gone]);
    cluster.addWorker('w1');
    const result = await cluster.result();
    expect(result).toMatchObject({ code: 1, exit: 'requests-failed' });
    expect(result.totals.failures).toBe(result.totals.requests);
    expect(new Set(result.errors.map(({ error }) => error))).toEqual(new Set(['connection refused']));
    target = await startTarget();
  });
});
