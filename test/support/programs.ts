import { spawnSync } from 'node:child_process';
import { describe } from '@jest/globals';

/** The path of a program on this machine; undefined if it is missing. */
export function pathOf(program: string): string | undefined {
  const found = spawnSync('sh', ['-c', `PATH="$PATH:/usr/sbin" command -v ${program}`], { encoding: 'utf8' });
  return found.stdout.trim() || undefined;
}

/** A suite that is skipped by name if a program is missing. */
export function needing(program: string, path = pathOf(program)): (name: string, suite: () => void) => void {
  return (name, suite) =>
    path === undefined ? describe.skip(`${name} (skipped: no ${program})`, suite) : describe(name, suite);
}
