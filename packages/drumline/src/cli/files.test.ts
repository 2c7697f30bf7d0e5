import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { closedPort } from '../../../../test/contract/support/servers.js';
import { errorOf } from '../../test/error-of.js';
import { runCli, temporaryDirectory } from '../../test/run-cli.js';

const RECORDINGS = fileURLToPath(new URL('../../../codegen/test/recordings/', import.meta.url));

const latencyMs = { min: 1, mean: 2, p50: 2, p90: 3, p95: 4, p99: 5, p99_9: 6, max: 7 };
const totals = {
  requests: 12_345,
  failures: 0,
  interrupted: 0,
  rate: 100,
  bytesSent: 1,
  bytesReceived: 2,
  latencyMs,
};
const RESULT = {
  schema: 'drumline.result/1',
  run: {
    id: 'r',
    scenario: 'shop.ts',
    state: 'finished',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:00:02.000Z',
    durationMs: 2_000,
    drumline: '0.1.0',
  },
  verdict: 'passed',
  exitCode: 0,
  exit: 'passed',
  totals,
  series: [{ protocol: 'http', method: 'GET', name: '/', user: 'shopper', tags: {}, ...totals }],
  errors: [],
  checks: [],
  metrics: [],
  exceptions: [],
  timeline: [],
  workers: [],
  notes: [],
};

describe('new', () => {
  test('writes a project, and does not overwrite one', async () => {
    await using directory = await temporaryDirectory();
    const first = await runCli(['new', 'Load Tests'], { cwd: directory.path });
    expect(first).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('npx drumline run'),
    });
    expect((await readdir(directory.at('Load Tests'))).toSorted()).toEqual(
      ['.gitignore', 'README.md', 'package.json', 'scenario.ts', 'server.js', 'tsconfig.json'].toSorted(),
    );
    expect(JSON.parse(await readFile(directory.at('Load Tests/package.json'), 'utf8'))).toMatchObject({
      name: 'load-tests',
    });

    await writeFile(directory.at('scenario.ts'), 'mine');
    const second = await errorOf(['new'], { cwd: directory.path });
    expect(second).toMatchObject({
      exitCode: 9,
      message: expect.stringContaining('already has scenario.ts'),
    });
    expect(await readFile(directory.at('scenario.ts'), 'utf8')).toBe('mine');
    expect(await readdir(directory.path)).not.toContain('package.json');
  });

  test.each([[[], '127.0.0.1'] as const, [['127.0.0.2'], '127.0.0.2'] as const])(
    'writes a server that takes the address to listen on: %j',
    async (args, host) => {
      await using directory = await temporaryDirectory();
      await runCli(['new', 'shop'], { cwd: directory.path });
      const port = await closedPort();
      const text = await readFile(directory.at('shop/server.js'), 'utf8');
      await writeFile(directory.at('shop/server.js'), text.replaceAll('8080', String(port)));
      const server = spawn(process.execPath, ['shop/server.js', ...args], { cwd: directory.path });
      try {
        const [line] = (await once(server.stdout, 'data')) as [Buffer];
        expect(line.toString()).toBe(`Listening on http://${host}:${port} until Ctrl-C.\n`);
        expect(await (await fetch(`http://${host}:${port}/about`)).text()).toBe('Hello from /about\n');
      } finally {
        server.kill();
        await once(server, 'exit');
      }
    },
  );

  test('writes a JavaScript project without TypeScript', async () => {
    await using directory = await temporaryDirectory();
    const commands = 'curl -H "X-Tenant: $TENANT" -H "Authorization: Bearer $TOKEN" https://shop.example/a';
    const flags = ['new', 'js', '--js', '--from-curl', commands];
    const { exitCode, stdout } = await runCli(flags, { cwd: directory.path });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Set these environment variables: TENANT.');
    expect(stdout).toContain('TOKEN=… TENANT=… npx drumline check');
    expect((await readdir(directory.at('js'))).toSorted()).toEqual([
      '.gitignore',
      'README.md',
      'drumline.config.json',
      'jsconfig.json',
      'package.json',
      'scenario.js',
    ]);
    expect(await readFile(directory.at('js/package.json'), 'utf8')).not.toContain('typescript');
    expect(JSON.parse(await readFile(directory.at('js/drumline.config.json'), 'utf8'))).toEqual({
      secret: ['TOKEN'],
      env: ['TENANT'],
    });
    const env = { TOKEN: 't0ken', TENANT: 'acme' };
    const checked = await runCli(['check', '--no-types'], { cwd: directory.at('js'), env });
    expect(checked).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('detects JavaScript by the file extension, and rejects --js for TypeScript', async () => {
    await using directory = await temporaryDirectory();
    const source = ['--from-curl', 'curl "https://shop.example/$ITEM"'];
    await runCli(['new', '-o', 'a.mjs', ...source], { cwd: directory.path });
    expect(await readFile(directory.at('a.mjs'), 'utf8')).toContain('/** @param {string} name */');
    const refused = await errorOf(['new', '--js', '-o', 'a.mts', ...source], { cwd: directory.path });
    expect(refused).toMatchObject({ exitCode: 2, hint: 'Name it a.mjs, or remove --js.' });
  });

  test('overwrites a project with --force', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.at('scenario.ts'), 'mine');
    expect(await runCli(['new', '--force'], { cwd: directory.path })).toMatchObject({ exitCode: 0 });
    expect(await readFile(directory.at('scenario.ts'), 'utf8')).toContain('export default scenario(');
  });

  test('writes a project for a scenario from a recording, without a test server', async () => {
    await using directory = await temporaryDirectory();
    const { exitCode, stdout } = await runCli(['new', 'shop', '--from-har', `${RECORDINGS}shop.har`], {
      cwd: directory.path,
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('From shop.har, recorded with Chrome on 2026-03-02: 12 of 22 requests.');
    expect(stdout).toContain('To keep more requests, use --keep-assets and --keep-hosts.');
    expect(stdout).toContain('Secrets were not copied. Set these variables: PASSWORD.');
    expect(stdout).toContain('PASSWORD=… npx drumline run -u 1 -t 30s');
    expect((await readdir(directory.at('shop'))).toSorted()).toEqual([
      '.gitignore',
      'README.md',
      'drumline.config.json',
      'package.json',
      'scenario.ts',
      'tsconfig.json',
    ]);
    expect(await readFile(directory.at('shop/scenario.ts'), 'utf8')).toBe(
      await readFile(`${RECORDINGS}shop.ts`, 'utf8'),
    );
    expect(await readFile(directory.at('shop/README.md'), 'utf8')).toContain(
      'Set `PASSWORD` in the environment before',
    );
    expect(await readFile(directory.at('shop/package.json'), 'utf8')).not.toContain('server');
    const env = { PASSWORD: 'of the environment' };
    const project = { cwd: directory.at('shop'), env };
    expect(await runCli(['check', '--no-types'], project)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('writes only the scenario, to a file or to stdout', async () => {
    await using directory = await temporaryDirectory();
    const source = ['--from-curl', 'curl https://shop.example/a'];
    expect(await runCli(['new', '-o', 'tests/a.ts', ...source], { cwd: directory.path })).toMatchObject({
      exitCode: 0,
    });
    expect(await readdir(directory.at('tests'))).toEqual(['a.ts']);
    const again = await errorOf(['new', '-o', 'tests/a.ts', ...source], { cwd: directory.path });
    expect(again).toMatchObject({ exitCode: 9, message: expect.stringContaining('already has tests/a.ts') });

    const shown = await runCli(['new', '-o', '-', '-H', 'https://staging.example', '--from-curl', '-'], {
      cwd: directory.path,
      input: 'curl https://shop.example/a -H "authorization: Bearer x"',
    });
    expect(shown).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('Set these variables: API_TOKEN.'),
    });
    expect(shown.stdout).toMatch(
      /^\/\/ From a curl command\.\nimport [\s\S]*target: 'https:\/\/staging\.example'[\s\S]*\}\);\n$/,
    );
  });

  test.each([
    [['--from-har', 'absent.har'], '--from-har: absent.har cannot be read'],
    [['--from-openapi', '.'], '--from-openapi: . cannot be read'],
    [['--from-har', `${RECORDINGS}books.json`], 'books.json: this is not a HAR file'],
    [['--from-openapi', `${RECORDINGS}shop.har`], 'shop.har has 2 problems'],
    [['--from-har', 'a', '--from-curl', 'b'], 'only one source is allowed'],
  ])('%j writes nothing', async (args, error) => {
    await using directory = await temporaryDirectory();
    const { exitCode, message, hint } = await errorOf(['new', ...args], { cwd: directory.path });
    expect(message).toContain(error);
    expect(hint).toBeDefined();
    expect(exitCode).toBe(2);
    expect(await readdir(directory.path)).toEqual([]);
  });
});

describe('run', () => {
  test('checks before the start that the results can be written', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.at('scenario.ts'), 'throw new Error("must not be loaded")');
    await mkdir(directory.at('directory'));
    for (const [flags, reason] of [
      [['--json', 'absent/result.json'], '--json absent/result.json: the directory absent does not exist'],
      [['--html', 'directory'], '--html directory: the path is a directory'],
      [['--csv', 'scenario.ts/x'], '--csv scenario.ts/x_stats.csv: scenario.ts is not a directory'],
    ] as const) {
      const { exitCode, message } = await errorOf(['run', 'scenario.ts', ...flags], {
        cwd: directory.path,
      });
      expect(message).toContain(reason);
      expect(exitCode).toBe(9);
    }
  });

  test('names a missing scenario', async () => {
    await using directory = await temporaryDirectory();
    const absent = await errorOf(['run', 'absent.ts'], { cwd: directory.path });
    expect(absent).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('absent.ts does not exist'),
    });
    const isDirectory = await errorOf(['check', '.'], { cwd: directory.path });
    expect(isDirectory).toMatchObject({ exitCode: 3, message: expect.stringContaining('. is not a file') });
  });
});

describe('report', () => {
  test('shows a result and writes its reports again', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.at('result.json'), JSON.stringify(RESULT));
    const flags = ['--html', 'report.html', '--csv', 'out'];
    const { exitCode, stdout } = await runCli(['report', 'result.json', ...flags], { cwd: directory.path });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('shop.ts');
    expect(stdout).toContain('report.html');
    expect(await readFile(directory.at('report.html'), 'utf8')).toContain('<html');
    expect((await readdir(directory.path)).filter((name) => name.endsWith('.csv')).toSorted()).toEqual([
      'out_exceptions.csv',
      'out_failures.csv',
      'out_stats.csv',
      'out_stats_history.csv',
    ]);
  });

  test.each([
    ['{"schema":"drumline.result/1"}', 'is not a result of a run'],
    [JSON.stringify({ ...RESULT, exitCode: 'none' }), 'is not a result of a run: exitCode must be'],
    ['not json', 'cannot be read'],
  ])('rejects %.40s', async (content, error) => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.at('result.json'), content);
    const { exitCode, message, hint } = await errorOf(['report', 'result.json'], { cwd: directory.path });
    expect(message).toContain(error);
    expect(hint).toContain('Name a file that');
    expect(exitCode).toBe(2);
  });
});
