import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { Note } from '@drumline/model';
import { runCli, temporaryDirectory } from '../../test/run-cli.js';

const scenarioOf = (users: string, more = ''): string => `import { scenario, user } from 'drumline';
const tasks = { visit: async ({ http }) => void (await http.get('http://127.0.0.1:9/')) };
export default scenario({ users: [${users}]${more} });
`;

/** The warnings that `check` prints. */
async function warningsOf(scenario: string, ...args: string[]): Promise<string[]> {
  await using directory = await temporaryDirectory();
  await writeFile(directory.at('scenario.mjs'), scenario);
  const { exitCode, stderr } = await runCli(['check', '--no-types', 'scenario.mjs', ...args], {
    cwd: directory.path,
  });
  expect(exitCode).toBe(0);
  return stderr.split('\n').filter((line) => line !== '');
}

describe('check warns about', () => {
  const FIXED = "user('a', { fixedCount: 5, tasks }), user('b', { fixedCount: 3, tasks })";

  test('fixed counts whose total differs from the peak of the load', async () => {
    expect(await warningsOf(scenarioOf(FIXED), '-u', '4')).toEqual([
      expect.stringContaining(
        'warning: users: the fixed counts add up to 8 users, but the load has at most 4',
      ),
    ]);
    expect(await warningsOf(scenarioOf(FIXED), '-u', '12')).toEqual([
      expect.stringContaining('all user types have fixed counts, 8 in total: 4 users never start'),
    ]);
    expect(await warningsOf(scenarioOf(FIXED), '-u', '8')).toEqual([]);
  });

  test('promises that are not awaited, with their place in the file', async () => {
    const floating = scenarioOf(
      "user('a', { tasks: { t: ({ http, sleep }) => {\n  http.get('http://127.0.0.1:9/');\n  void sleep('1s');\n} } })",
    );
    expect(await warningsOf(floating)).toEqual([
      expect.stringMatching(/^warning: scenario\.mjs:4:\d+: the promise of http\.get\(…\) is not awaited/),
    ]);
  });

  test('relative URLs without a target', async () => {
    const relative = scenarioOf("user('a', { tasks: { t: ({ http }) => http.get('/x') } })");
    expect(await warningsOf(relative)).toEqual([
      expect.stringContaining("'/x' is relative, but there is no target"),
    ]);
    expect(await warningsOf(relative, '-H', 'http://127.0.0.1:9')).toEqual([]);
  });

  test('more connections than the machine allows', async () => {
    const many = scenarioOf("user('a', { tasks })", ', http: { connectionsPerUser: 6 }');
    const warnings = (await warningsOf(many, '-u', '400000')).join('\n');
    expect(warnings).toMatch(
      /A worker on this machine: a lane needs up to [\d,]+ connections, .* \(ulimit -n\)/,
    );
    const shared = scenarioOf("user('a', { tasks })", ', http: { sharedConnections: 6 }');
    expect(await warningsOf(shared, '-u', '400000')).toEqual([]);
  });
});

describe('more lanes than the machine can run are rejected', () => {
  test.each([
    ['--lanes', ['run', 'scenario.mjs', '--lanes', '99999']],
    ['--workers', ['run', 'scenario.mjs', '--workers', '99999']],
    ['--lanes', ['worker', '--lanes', '99999']],
  ])('%s of %p', async (option, args) => {
    await using directory = await temporaryDirectory();
    await writeFile(directory.at('scenario.mjs'), scenarioOf("user('a', { tasks })"));
    const { exitCode, stderr } = await runCli(args, { cwd: directory.path });
    expect(stderr).toMatch(
      new RegExp(`^error: ${option}: 99999 lanes are too many: this machine has \\d+ CPU`),
    );
    expect(exitCode).toBe(2);
  });

  test('from an environment variable', async () => {
    const { exitCode } = await runCli(['worker'], { env: { DRUMLINE_LANES: '99999' } });
    expect(exitCode).toBe(2);
  });
});

describe('a run', () => {
  const RUN = ['run', 'scenario.mjs', '--no-html', '--no-api', '--no-store', '--json', 'result.json'];

  test('ends at once with the reason if its requests have no target', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(
      directory.at('scenario.mjs'),
      scenarioOf("user('a', { tasks: { home: ({ http }) => http.get('/x') } })"),
    );
    const { exitCode, stderr } = await runCli([...RUN, '-t', '10m'], { cwd: directory.path });
    expect(stderr).toContain('error: Task a/home requests a relative URL, but no target is set.');
    expect(exitCode).toBe(3);
  });

  test('has a note about requests that are not awaited, but not about background work', async () => {
    await using directory = await temporaryDirectory();
    const target = createServer((_, response) => setTimeout(() => response.end('ok'), 100)).listen(
      0,
      '127.0.0.1',
    );
    await once(target, 'listening');
    const { port } = target.address() as AddressInfo;
    await writeFile(
      directory.at('scenario.mjs'),
      `import { constant, scenario, user } from 'drumline';
      const of = (name, visit) => user(name, { wait: constant('250ms'), tasks: { visit } });
      const get = ({ http }, path) => http.get(path);
      export default scenario({ target: 'http://127.0.0.1:${port}', users: [
        of('dropping', (context) => void get(context, '/dropped')),
        of('waiting', async (context) => void (await get(context, '/waited'))),
        of('working', ({ background, http }) => background(async () => void (await http.get('/beside')))),
      ] });`,
    );
    const { exitCode } = await runCli([...RUN, '-u', '3', '-t', '1s'], { cwd: directory.path });
    target.close();
    expect(exitCode).toBe(0);
    const { notes } = JSON.parse(await readFile(directory.at('result.json'), 'utf8')) as { notes: Note[] };
    const floating = notes.filter(({ code }) => code === 'floating-promise');
    expect(floating.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Task dropping\/visit ended \d+ times while one of its requests was in flight/),
    ]);
  });
});
