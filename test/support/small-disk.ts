import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of a few megabytes that tests can fill. */
export class SmallDisk implements Disposable {
  private constructor(readonly path: string) {}

  /** @throws Error if this user may not mount file systems */
  static mount(megabytes: number): SmallDisk {
    const path = mkdtempSync(join(tmpdir(), 'drumline-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'pipe' });
    } catch (error) {
      rmSync(path, { recursive: true });
      throw error;
    }
    return new SmallDisk(path);
  }

  /** Whether this user may mount file systems. */
  static get isPossible(): boolean {
    try {
      SmallDisk.mount(1)[Symbol.dispose]();
      return true;
    } catch {
      return false;
    }
  }

  /** Fills the disk. */
  fill(): void {
    const filler = openSync(join(this.path, 'filler'), 'w');
    try {
      for (;;) writeSync(filler, Buffer.alloc(4_096, 1));
    } catch {
      // It is full now.
    } finally {
      closeSync(filler);
    }
  }

  /** Makes room again. */
  empty(): void {
    rmSync(join(this.path, 'filler'), { force: true });
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['-l', this.path], { stdio: 'pipe' });
    rmSync(this.path, { recursive: true });
  }
}
