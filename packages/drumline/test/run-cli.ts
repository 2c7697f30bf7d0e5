import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Path of the built program, in the package as users install it. */
export const CLI = join(
  process.env['TESTED_PROGRAM'] ?? fileURLToPath(new URL('..', import.meta.url)),
  'bin/drumline.js',
);

export interface CliOutcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program in a process. */
export async function runCli(
  args: readonly string[],
  {
    cwd = tmpdir(),
    env = {},
    input = '',
  }: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): Promise<CliOutcome> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('DRUMLINE_'));
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1', ...env },
  });
  child.stdin.end(input);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  const exitCode = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { exitCode, stdout, stderr };
}

/** A directory that is removed after the test, if declared with `await using`. */
export async function temporaryDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'drumline-cli-'));
  return {
    path,
    at: (name: string) => join(path, name),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
