import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ArtifactStore } from './artifact-store.js';

let directory: string;
let store: ArtifactStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drumline-artifacts-'));
  store = new ArtifactStore(directory);
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const bytes = Buffer.from('0123456789');
const artifact = { id: createHash('sha256').update(bytes).digest('hex'), size: bytes.byteLength };

/** A body of several chunks, which may be cut. */
async function* body(text: string, cut = false): AsyncGenerator<Uint8Array> {
  for (const letter of text) yield Buffer.from(letter);
  if (cut) throw new Error('the connection was cut');
}

test('an upload that was cut continues at the end of what has arrived', async () => {
  expect(await store.missing([artifact.id])).toEqual([artifact.id]);
  await expect(store.append(artifact, 0, body('0123', true))).rejects.toThrow('cut');
  expect(await store.uploadedBytes(artifact.id)).toBe(4);
  await expect(store.append(artifact, 0, body('0123456789'))).rejects.toMatchObject({
    code: 'upload-offset',
    hint: 'Continue at offset 4.',
  });
  expect(await store.append(artifact, 4, body('456789'))).toBe(10);
  expect(await store.missing([artifact.id])).toEqual([]);
  // Complete ones are not written again.
  expect(await store.append(artifact, 0, body('damaged'))).toBe(10);
});

test('bytes that do not match the hash or the size are removed', async () => {
  await expect(store.append(artifact, 0, body('damaged...'))).rejects.toMatchObject({
    code: 'upload-damaged',
  });
  expect(await store.uploadedBytes(artifact.id)).toBe(0);
  await expect(store.append(artifact, 0, body('01234567890'))).rejects.toMatchObject({
    code: 'upload-damaged',
  });
});

test('two requests do not upload the same file at the same time', async () => {
  const first = store.append(artifact, 0, body('0123456789'));
  await expect(store.append(artifact, 0, body('0123456789'))).rejects.toMatchObject({
    code: 'upload-offset',
  });
  expect(await first).toBe(10);
});
