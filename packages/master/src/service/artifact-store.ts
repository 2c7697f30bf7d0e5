import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { RequestError, type Artifact, type Millis } from '@drumline/model';
import type { ArtifactUploads } from './control-plane.js';

/** Artifacts that no run uses are removed when they were not used for this long. */
const KEEP_MS: Millis = 7 * 24 * 3_600_000;
const PART = '.part';

/**
 * Uploaded bundles and data files, by the SHA-256 of their bytes. An upload that was cut continues
 * at the offset that it had reached.
 */
export class ArtifactStore implements ArtifactUploads {
  private readonly directory: string;
  /** Uploads in progress. */
  private readonly busy = new Set<string>();

  constructor(dataDir: string) {
    this.directory = join(dataDir, 'artifacts');
    mkdirSync(this.directory, { recursive: true });
  }

  /** Where a complete artifact is. */
  pathOf(id: string): string {
    return join(this.directory, id);
  }

  /** The artifacts that are not complete here. Those that are, are kept for now. */
  async missing(ids: readonly string[]): Promise<string[]> {
    const now = new Date();
    const found = await Promise.all(
      ids.map(async (id) => {
        try {
          await utimes(this.pathOf(id), now, now);
          return [];
        } catch {
          return [id];
        }
      }),
    );
    return found.flat();
  }

  /** How many bytes of an artifact are here: all of them if it is complete. */
  async uploadedBytes(id: string): Promise<number> {
    return (await sizeOf(this.pathOf(id))) ?? (await sizeOf(this.pathOf(id) + PART)) ?? 0;
  }

  /**
   * Appends bytes to an artifact. It is complete when it has its size.
   * @returns how many bytes of it are here
   * @throws RequestError `upload-offset` if the offset is not the end of what is here, or while
   * another request uploads it; `upload-damaged` if the bytes do not match the hash
   */
  async append({ id, size }: Artifact, offset: number, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    if (this.busy.has(id))
      throw new RequestError('upload-offset', 'another request is uploading this artifact', 'Try again.');
    this.busy.add(id);
    try {
      const here = await this.uploadedBytes(id);
      if ((await this.missing([id])).length === 0) return here;
      if (here !== offset)
        throw new RequestError(
          'upload-offset',
          `${here} bytes of it are here`,
          `Continue at offset ${here}.`,
        );
      return await this.write({ id, size }, offset, bytes);
    } finally {
      this.busy.delete(id);
    }
  }

  /** Removes what no run uses and what was not used for a week. */
  async removeUnused(used: ReadonlySet<string>): Promise<void> {
    const limit = Date.now() - KEEP_MS;
    for (const name of await readdir(this.directory)) {
      const path = join(this.directory, name);
      const id = name.replace(PART, '');
      if (used.has(id) || this.busy.has(id)) continue;
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
      if (mtimeMs < limit) await rm(path, { force: true });
    }
  }

  private async write(
    { id, size }: Artifact,
    offset: number,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<number> {
    const part = this.pathOf(id) + PART;
    const file = await open(part, 'a', 0o600);
    let end = offset;
    try {
      for await (const chunk of bytes) {
        if (end + chunk.byteLength > size)
          throw new RequestError(
            'upload-damaged',
            `the upload has more than the ${size} bytes of the artifact`,
          );
        await file.appendFile(chunk);
        end += chunk.byteLength;
      }
      if (end === size) await file.sync();
    } finally {
      await file.close();
    }
    if (end < size) return end;
    if ((await hashOf(part)) !== id) {
      await rm(part, { force: true });
      throw new RequestError(
        'upload-damaged',
        'the uploaded bytes do not match their SHA-256',
        'Upload it again.',
      );
    }
    await rename(part, this.pathOf(id));
    return size;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch {
    return undefined;
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
