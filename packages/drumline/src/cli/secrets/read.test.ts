import { writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { runCli, temporaryDirectory } from '../../../test/run-cli.js';

/** Compares the secrets with the expected ones without printing them. */
const scenarioOf = (
  expected: Record<string, string>,
): string => `import { constant, scenario, secrets, user } from 'drumline';
const expected = ${JSON.stringify(expected)};
const wrong = Object.keys(expected).filter((name) => secrets[name] !== expected[name]);
export default scenario({
  name: 'wrong: ' + (wrong.join(', ') || 'none'),
  users: [user('visitor', { wait: constant('1s'), tasks: { none: () => {} } })],
});
`;

async function check(
  args: readonly string[],
  env: Record<string, string>,
  expected: Record<string, string>,
  file = '',
) {
  await using directory = await temporaryDirectory();
  await writeFile(directory.at('scenario.mjs'), scenarioOf(expected));
  await writeFile(directory.at('secrets'), file, { mode: 0o600 });
  const { exitCode, stdout, stderr } = await runCli(['check', '--no-types', '--json', ...args], {
    cwd: directory.path,
    env,
  });
  return {
    exitCode,
    stderr,
    wrong: stdout === '' ? undefined : (JSON.parse(stdout) as { name: string }).name,
  };
}

test('the command line overrides the environment, and the environment overrides the file', async () => {
  const file = `
# comments and empty lines are skipped
PLAIN=a b # c=d
  export SPACED = "two\\nlines \\"quoted\\""
LITERAL='as it \\n is'
FROM_ALL=of the file
FROM_TWO=of the file
ONLY_NAMED=of the file
`;
  const expected = {
    PLAIN: 'a b # c=d',
    SPACED: 'two\nlines "quoted"',
    LITERAL: 'as it \\n is',
    FROM_ALL: 'of the = line',
    FROM_TWO: 'of the variable',
    INHERITED: 'of the environment',
    ONLY_NAMED: 'of the file',
  };
  const env = {
    DRUMLINE_SECRET_FROM_ALL: 'of the variable',
    DRUMLINE_SECRET_FROM_TWO: 'of the variable',
    INHERITED: 'of the environment',
  };
  const args = [
    '--secrets-file',
    'secrets',
    '--secret',
    'FROM_ALL=of the = line',
    '--secret',
    'INHERITED',
    '--secret',
    'ONLY_NAMED',
    'scenario.mjs',
  ];
  expect(await check(args, env, expected, file)).toEqual({ exitCode: 0, stderr: '', wrong: 'wrong: none' });
});

test('reports every problem at once, with its place and without the value', async () => {
  const file = 'GOOD=long enough\nhidden value\n1BAD=hidden value\nSHORT=abc\nOPEN="hidden value\n';
  const args = [
    '--secrets-file',
    'secrets',
    '--secret',
    'ABSENT',
    '--secret',
    'TINY=x',
    '--secret',
    '=hidden value',
    'scenario.mjs',
  ];
  const { exitCode, stderr } = await check(args, {}, {}, file);
  for (const text of [
    'secrets:2: the line is not NAME=VALUE',
    'secrets:3: 1BAD: names have letters, digits and _',
    'secrets:4: SHORT: a secret with fewer than 4 characters',
    'secrets:5: the closing quote of OPEN must be at the end of the line',
    '--secret ABSENT: there is no environment variable ABSENT',
    '--secret TINY: a secret with fewer than 4 characters',
  ]) {
    expect(stderr).toContain(text);
  }
  expect(stderr).not.toContain('hidden');
  expect(exitCode).toBe(2);
});

test('reports a file that does not exist', async () => {
  const { exitCode, stderr } = await check(['--secrets-file', 'nowhere', 'scenario.mjs'], {}, {});
  expect(stderr).toMatch(/^error: --secrets-file: the file cannot be read: ENOENT/);
  expect(exitCode).toBe(2);
});
