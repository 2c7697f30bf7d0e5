import { readdirSync, readFileSync } from 'node:fs';

/** Reads files of the system, such as those under /proc. Tests have another implementation. */
export interface SystemFiles {
  /** @returns undefined if there is no such file, or it cannot be read */
  read(path: string): string | undefined;
  /** The names in a directory; empty if there is none. */
  list(path: string): readonly string[];
}

export const systemFiles: SystemFiles = {
  read(path) {
    try {
      return readFileSync(path, 'latin1');
    } catch {
      return undefined;
    }
  },
  list(path) {
    try {
      return readdirSync(path);
    } catch {
      return [];
    }
  },
};

/** The whitespace-separated numbers of a file; empty if there is none. */
export function numbersOf(files: SystemFiles, path: string): number[] {
  const words = files.read(path)?.trim().split(/\s+/) ?? [];
  return words.map(Number).filter((number) => Number.isFinite(number));
}
