import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { runCli, temporaryFolder } from '../../test/run-cli.js';

const scenarioOf = (users: string, more = ''): string => `import { scenario, user } from 'drumline';
const tasks = { visit: async ({ http }) => void (await http.get('http://127.0.0.1:9/')) };
export default scenario({ users: [${users}]${more} });
`;

/** What `check` warns of. */
async function warningsOf(scenario: string, ...args: string[]): Promise<string[]> {
  await using folder = await temporaryFolder();
  await writeFile(folder.at('scenario.mjs'), scenario);
  const { exitCode, stderr } = await runCli(['check', '--no-types', 'scenario.mjs', ...args], {
    cwd: folder.path,
  });
  expect(exitCode).toBe(0);
  return stderr.split('\n').filter((line) => line !== '');
}

describe('check warns of', () => {
  const FIXED = "user('a', { fixedCount: 5, tasks }), user('b', { fixedCount: 3, tasks })";

  test('fixed counts that the load does not reach, or leaves behind', async () => {
    expect(await warningsOf(scenarioOf(FIXED), '-u', '4')).toEqual([
      expect.stringContaining(
        'warning: users: the fixed counts add up to 8 users, and the load has 4 at most',
      ),
    ]);
    expect(await warningsOf(scenarioOf(FIXED), '-u', '12')).toEqual([
      expect.stringContaining('there are fixed counts only, 8 in all: 4 users never start'),
    ]);
    expect(await warningsOf(scenarioOf(FIXED), '-u', '8')).toEqual([]);
  });

  test('more connections than the machine allows', async () => {
    const many = scenarioOf("user('a', { tasks })", ', http: { connectionsPerUser: 6 }');
    const told = (await warningsOf(many, '-u', '4000000')).join('\n');
    expect(told).toMatch(
      /A worker on this machine: a lane would hold up to \d+ connections, .* \(ulimit -n\)/,
    );
    const shared = scenarioOf("user('a', { tasks })", ', http: { sharedConnections: 6 }');
    expect(await warningsOf(shared, '-u', '4000000')).toEqual([]);
  });
});

describe('lanes beyond what a machine can have are refused', () => {
  test.each([
    ['--lanes', ['run', 'scenario.mjs', '--lanes', '99999']],
    ['--workers', ['run', 'scenario.mjs', '--workers', '99999']],
    ['--lanes', ['worker', '--lanes', '99999']],
  ])('%s of %p', async (option, args) => {
    await using folder = await temporaryFolder();
    await writeFile(folder.at('scenario.mjs'), scenarioOf("user('a', { tasks })"));
    const { exitCode, stderr } = await runCli(args, { cwd: folder.path });
    expect(stderr).toMatch(
      new RegExp(`^error: ${option}: 99999 lanes are too many: this machine has \\d+ CPU`),
    );
    expect(exitCode).toBe(2);
  });

  test('also those that a variable asks for', async () => {
    const { exitCode } = await runCli(['worker'], { env: { DRUMLINE_LANES: '99999' } });
    expect(exitCode).toBe(2);
  });
});
