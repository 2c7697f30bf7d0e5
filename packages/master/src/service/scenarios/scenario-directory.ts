import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve, sep } from 'node:path';
import { RequestError } from '@drumline/model';
import type { ScenarioFile } from '@drumline/wire';

/** Files of a directory that are looked at; more make the list useless anyway. */
const MOST_FILES = 1_000;
const DEEPEST = 5;
const MOST_BYTES = 4 * 1024 * 1024;
const SCENARIO = /^(?!.*\.(?:d|test|spec|config)\.[mc]?[jt]s$)[^.].*\.[mc]?[jt]s$/;
const LEFT_OUT = new Set(['node_modules', 'dist']);

/** A scenario file, and when its content was changed. */
export interface FoundScenario extends ScenarioFile {
  /** Absolute, without symbolic links. */
  readonly file: string;
}

interface Looked {
  readonly changedAt: string;
  readonly isScenario: boolean;
}

/** The scenarios of a directory. Nothing outside of it is read, also not by symbolic links. */
export class ScenarioDirectory {
  /** What is known of a file, by its path. */
  private readonly looked = new Map<string, Looked>();

  constructor(private readonly directory: string) {}

  /** Sorted by path. @throws RequestError `request-invalid` if the directory cannot be read */
  async list(): Promise<FoundScenario[]> {
    const root = await this.root();
    const found: FoundScenario[] = [];
    for (const path of await pathsIn(root)) {
      const one = await this.find(root, path);
      if (one) found.push(one);
    }
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** @param path relative to the directory @throws RequestError `scenario-unknown` */
  async get(path: string): Promise<FoundScenario> {
    const root = await this.root();
    const isOutside = isAbsolute(path) || path.split(/[/\\]/).includes('..');
    const found = isOutside ? undefined : await this.find(root, path);
    if (found) return found;
    throw new RequestError(
      'scenario-unknown',
      `there is no scenario '${path.slice(0, 200)}' in the directory of scenarios`,
      'GET /v1/scenarios lists those that there are.',
    );
  }

  private async root(): Promise<string> {
    try {
      return await realpath(this.directory);
    } catch {
      throw new RequestError(
        'request-invalid',
        `the directory of scenarios cannot be read: ${this.directory}`,
        'Create it, or start the service with another --scenarios DIR.',
      );
    }
  }

  /** @returns undefined if it is not a scenario inside of the directory */
  private async find(root: string, path: string): Promise<FoundScenario | undefined> {
    if (!SCENARIO.test(basename(path))) return undefined;
    try {
      const file = await realpath(resolve(root, path));
      if (!file.startsWith(root + sep)) return undefined;
      const { mtime, size } = await stat(file);
      if (size > MOST_BYTES) return undefined;
      const changedAt = mtime.toISOString();
      const before = this.looked.get(file);
      const isScenario =
        before?.changedAt === changedAt ? before.isScenario : looksLikeScenario(await readFile(file, 'utf8'));
      this.looked.set(file, { changedAt, isScenario });
      return isScenario ? { path: path.split(sep).join('/'), changedAt, file } : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Helpers beside a scenario have no default export, or do not use Drumline. */
function looksLikeScenario(text: string): boolean {
  return /\bexport\s+default\b|\bas\s+default\b/.test(text) && /['"]drumline['"]/.test(text);
}

/** The paths of files below a directory, relative to it. */
async function pathsIn(root: string): Promise<string[]> {
  const paths: string[] = [];
  const look = async (folder: string, depth: number): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      if (entry.name.startsWith('.') || LEFT_OUT.has(entry.name) || paths.length >= MOST_FILES) continue;
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) paths.push(path);
      else if (depth < DEEPEST) await look(path, depth + 1);
    }
  };
  await look('', 1);
  return paths;
}
