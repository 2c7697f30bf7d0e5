import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Artifact } from '@drumline/model';

/** Smaller files are hashed without a thread, which takes 20 ms to start. */
const MIN_THREAD_BYTES = 8 * 1024 * 1024;

/** The artifact that a file is. */
export async function hashFile(path: string): Promise<Artifact> {
  const { size } = statSync(path);
  if (size < MIN_THREAD_BYTES)
    return { id: createHash('sha256').update(readFileSync(path)).digest('hex'), size };
  const thread = new Worker(new URL('./hash-thread.js', import.meta.url), { workerData: path });
  const id = await new Promise<string>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
  });
  return { id, size };
}
