import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import type { Artifact, LocalArtifact } from '@drumline/model';
import { cacheDirectory } from './directory.js';

/** Artifacts that were not used for this long are removed. */
const KEEP_MS = 7 * 24 * 3_600_000;

/** A file as it was when its hash was computed. If anything differs, the file may have changed. */
interface KnownFile {
  readonly path: string;
  readonly size: number;
  readonly modifiedNs: string;
  readonly changedNs: string;
  readonly inode: string;
}

/** The path of a complete artifact on this machine; undefined if there is none. */
export function findArtifact({ id, size }: Artifact): string | undefined {
  const own = artifactPath(id);
  try {
    if (statSync(own).size === size) {
      const now = new Date();
      utimesSync(own, now, now);
      return own;
    }
  } catch {
    // It is not in the cache.
  }
  const known = readJson<KnownFile>(pointerPath(id));
  return known && isUnchanged(known) ? known.path : undefined;
}

/** Where a complete artifact is stored. */
export function artifactPath(id: string): string {
  return join(cacheDirectory(), id);
}

/** A new file in the cache, for an artifact whose hash is not known yet. */
export function temporaryPath(): string {
  return join(cacheDirectory(), `new-${randomUUID()}`);
}

/** Stores a complete temporary file under its hash. */
export function adopt(path: string, artifact: Artifact): LocalArtifact {
  const own = artifactPath(artifact.id);
  renameSync(path, own);
  return { ...artifact, path: own };
}

/** Stores bytes under their hash. */
export function storeBytes(bytes: Uint8Array): LocalArtifact {
  const id = createHash('sha256').update(bytes).digest('hex');
  const path = temporaryPath();
  writeFileSync(path, bytes);
  return adopt(path, { id, size: bytes.byteLength });
}

/** Lets workers of this machine use a file where it is, instead of a copy. */
export function pointTo(path: string, artifact: Artifact): LocalArtifact {
  const absolute = resolve(path);
  writeJson(pointerPath(artifact.id), knownFile(absolute));
  return { ...artifact, path: absolute };
}

/** Remembers what was made from files, so that it need not be made again. */
export function remember<T>(key: string, sources: readonly string[], made: T): void {
  writeJson(memoryPath(key), { sources: sources.map((path) => knownFile(resolve(path))), made });
}

/** What was made from files that have not changed since. */
export function recall<T>(key: string): T | undefined {
  const found = readJson<{ sources: KnownFile[]; made: T }>(memoryPath(key));
  return found?.sources.every(isUnchanged) ? found.made : undefined;
}

/** Removes artifacts that were not used for a week, and what was made of them. */
export function removeUnused(): void {
  const directory = cacheDirectory();
  const limit = Date.now() - KEEP_MS;
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    try {
      if (statSync(path).mtimeMs < limit) rmSync(path, { force: true });
    } catch {
      // Another process has removed it.
    }
  }
}

function knownFile(path: string): KnownFile {
  const { size, mtimeNs, ctimeNs, ino } = statSync(path, { bigint: true });
  return {
    path,
    size: Number(size),
    modifiedNs: String(mtimeNs),
    changedNs: String(ctimeNs),
    inode: String(ino),
  };
}

function isUnchanged(known: KnownFile): boolean {
  try {
    const now = knownFile(known.path);
    return JSON.stringify(now) === JSON.stringify(known);
  } catch {
    return false;
  }
}

function pointerPath(id: string): string {
  return join(cacheDirectory(), `at-${id}.json`);
}

function memoryPath(key: string): string {
  return join(cacheDirectory(), `made-${key}.json`);
}

function readJson<T>(path: string): T | undefined {
  try {
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined;
  } catch {
    return undefined;
  }
}

/** Readers never see half a file. */
function writeJson(path: string, value: unknown): void {
  const temporary = temporaryPath();
  mkdirSync(cacheDirectory(), { recursive: true });
  writeFileSync(temporary, JSON.stringify(value));
  renameSync(temporary, path);
}
