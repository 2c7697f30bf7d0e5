import { statSync } from 'node:fs';
import type { Ownership } from './ownership.js';
import { whyLost } from './problems.js';

/**
 * Checks that written data can be found again. A removed file can still be written while it is
 * open.
 */
export class FileGuard {
  private readonly inode: bigint | undefined;

  constructor(
    private readonly path: string,
    private readonly claim: Ownership,
  ) {
    this.inode = inodeOf(path);
  }

  /** @throws DrumlineError `output-unwritable` if the file, its log or the claim on it is gone */
  check(): void {
    const inPlace = inodeOf(this.path) === this.inode && inodeOf(`${this.path}-wal`) !== undefined;
    if (!inPlace || !this.claim.holds()) throw whyLost(this.path);
  }
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
