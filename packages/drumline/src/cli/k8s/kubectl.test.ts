import { chmod, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { runCli, temporaryDirectory } from '../../../test/run-cli.js';
import { scenarioPath } from '../../../../../test/support/drumline.js';

/** Runs a command with a `kubectl` that prints a text and fails. */
async function withKubectl(printed: string, args: readonly string[]) {
  await using directory = await temporaryDirectory();
  const path = directory.at('kubectl');
  await writeFile(path, `#!/bin/sh\necho '${printed}' >&2\nexit 1\n`);
  await chmod(path, 0o755);
  return await runCli(args, {
    cwd: directory.path,
    env: { PATH: `${directory.path}:${process.env['PATH']}` },
  });
}

describe('a kubectl that cannot do what is needed', () => {
  test('is missing', async () => {
    await using directory = await temporaryDirectory();
    const { exitCode, stderr } = await runCli(['k8s', 'status'], {
      cwd: directory.path,
      env: { PATH: '/nowhere' },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/kubectl is not on the PATH\n.*https:\/\/kubernetes.io/);
  });

  test.each([
    ['Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout', 7, /--context/],
    ['error: context "prod" does not exist', 7, /--context/],
    [
      'Error from server (Forbidden): jobs.batch is forbidden: User "me" cannot list resource "jobs"',
      8,
      /kubernetes-run/,
    ],
    ['Error from server (NotFound): namespaces "load" not found', 2, /Create the namespace/],
    ['Error from server (Forbidden): pods "x" is forbidden: exceeded quota: small', 11, /exceeded quota/],
  ])('%s', async (printed, code, hint) => {
    const { exitCode, stderr } = await withKubectl(printed, ['k8s', 'status']);
    expect(exitCode).toBe(code);
    expect(stderr).toContain(printed.replace(/^error: /, ''));
    expect(stderr).toMatch(hint);
  });

  test('mistakes in the options are found before it is called', async () => {
    const scenario = scenarioPath('quick');
    const run = (...args: readonly string[]) => withKubectl('called', ['k8s', 'run', scenario, ...args]);
    expect((await run('--workers', 'many')).stderr).toMatch(
      /--workers: 'many' is not a number of workers\n.*auto:2\.\.20/,
    );
    expect((await run('--workers', 'auto:5..2')).stderr).toMatch(/5 is more than 2/);
    expect((await run('--name', 'Has Blanks')).stderr).toMatch(/name must be a name of/);
    expect(await run()).toMatchObject({ exitCode: 11, stderr: expect.stringContaining('called') });
  });
});
