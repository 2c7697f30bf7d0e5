import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  openSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import type { Artifact } from '@drumline/model';
import { artifactPath } from '@drumline/scenario/artifacts';

/** The owner of a lock touches it this often. */
const TOUCH_EVERY_MS = 1_000;
/** A lock that was not touched for this long belongs to a process that is gone. */
const STALE_AFTER_MS = 10_000;

/**
 * An artifact of which a part is in the cache. It is locked, so that one process of the machine
 * fetches it. What an earlier process has fetched is kept.
 */
export class PartialFile {
  private readonly touching: NodeJS.Timeout;
  private readonly file: number;
  private isComplete = false;

  private constructor(
    private readonly artifact: Artifact,
    /** Bytes that are here already. */
    readonly size: number,
    /** Hash of those bytes. */
    readonly hash: Hash,
  ) {
    this.file = openSync(partPath(artifact), 'a', 0o600);
    const lock = lockPath(artifact);
    this.touching = setInterval(() => {
      const now = new Date();
      try {
        utimesSync(lock, now, now);
      } catch {
        // Another process has taken the lock. The hash tells whether the file is damaged.
      }
    }, TOUCH_EVERY_MS);
  }

  /** @returns undefined if another process is fetching the artifact */
  static async open(artifact: Artifact): Promise<PartialFile | undefined> {
    if (!tryLock(lockPath(artifact))) return undefined;
    const part = partPath(artifact);
    const hash = createHash('sha256');
    let size = 0;
    try {
      if (statSync(part).size > artifact.size) rmSync(part);
      for await (const bytes of createReadStream(part) as AsyncIterable<Uint8Array>) {
        hash.update(bytes);
        size += bytes.byteLength;
      }
    } catch {
      // There is no part yet.
    }
    return new PartialFile(artifact, size, hash);
  }

  append(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.byteLength;) written += writeSync(this.file, bytes, written);
  }

  /** The artifact is complete and verified. */
  complete(): void {
    renameSync(partPath(this.artifact), artifactPath(this.artifact.id));
    this.isComplete = true;
  }

  /** Keeps the part for the next attempt, unless it has all bytes and is damaged. */
  close(): void {
    clearInterval(this.touching);
    closeSync(this.file);
    const part = partPath(this.artifact);
    try {
      if (!this.isComplete && statSync(part).size >= this.artifact.size) rmSync(part, { force: true });
    } catch {
      // The cache was emptied meanwhile.
    }
    rmSync(lockPath(this.artifact), { force: true });
  }
}

function tryLock(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  try {
    if (Date.now() - statSync(path).mtimeMs > STALE_AFTER_MS) rmSync(path, { force: true });
  } catch {
    // Its owner has removed it.
  }
  return false;
}

function partPath({ id }: Artifact): string {
  return `${artifactPath(id)}.part`;
}

function lockPath({ id }: Artifact): string {
  return `${artifactPath(id)}.lock`;
}
