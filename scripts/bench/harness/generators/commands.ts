import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Aim, LoadGenerator } from '../generator.js';
import { executable, firstLineOf, onPath } from '../launch.js';
import { startCommand } from './start-command.js';

/** The directory for peers that `--install-peers` installs. */
export const PEER_FOLDER = join(tmpdir(), 'drumline-bench-peers');
/** Duration for commands that require one, longer than any window. They are killed afterwards. */
export const SECONDS = '1000';

export const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));

/** A peer that is a separate program. */
export interface Command<A extends Aim> {
  readonly name: string;
  readonly versionOf: readonly string[];
  readonly can: (aim: A) => boolean;
  readonly args: (aim: A) => string[];
}

/** Finds programs in PATH, in this directory's packages or where `--install-peers` puts them. */
export function commandPeers<A extends Aim>(commands: readonly Command<A>[]): LoadGenerator<A>[] {
  return commands.map(({ name, versionOf, can, args }) => {
    const path = find(name);
    return {
      name,
      version: path === undefined ? undefined : versionIn(firstLineOf([path, ...versionOf])),
      can,
      start: (aim, cores) => startCommand(name, [path!, ...args(aim)], cores),
    };
  });
}

function find(program: string): string | undefined {
  const folders = [
    join(ROOT, 'node_modules/.bin'),
    join(PEER_FOLDER, 'node_modules/.bin'),
    join(PEER_FOLDER, 'bin'),
  ];
  const paths = folders.map((folder) => join(folder, program));
  return onPath(program) ?? paths.filter((path) => existsSync(path)).find(executable);
}

function versionIn(line: string): string {
  return /\d+\.\d+[\w.+-]*/.exec(line)?.[0] ?? '(it does not tell its version)';
}
