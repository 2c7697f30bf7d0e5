import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ARTIFACT_CHUNK_BYTES, type WorkerLink, type WorkerMessage } from '@drumline/wire';
import { ArtifactFetcher } from './artifact-fetch.js';

const code = 'export default 42;';
const id = createHash('sha256').update(code).digest('hex');
const bundle = { id, size: code.length };

let asked: WorkerMessage[];
let fetcher: ArtifactFetcher;
beforeEach(() => {
  jest.useFakeTimers();
  asked = [];
  const link: WorkerLink = {
    badFrames: 0,
    listen: () => {},
    send: (message) => asked.push(message) > 0,
    close: () => Promise.resolve(),
  };
  fetcher = new ArtifactFetcher(link);
});
afterEach(() => void jest.useRealTimers());

/** Answers the last request with a part of the code. */
function answer(text: string): void {
  const { offset } = asked.at(-1) as Extract<WorkerMessage, { type: 'artifactRequest' }>;
  fetcher.take({ type: 'artifactChunk', artifactId: id, offset, bytes: Buffer.from(text) });
}

test('a bundle is requested in chunks and accepted if its hash matches', async () => {
  const fetched = fetcher.fetchBundle('r1', bundle);
  answer(code.slice(0, 5));
  answer(code.slice(5));
  expect(await fetched).toBe(code);
  expect(asked.map((message) => 'offset' in message && message.offset)).toEqual([0, 5]);
});

test.each([
  ['changed in transit', code.replace('42', '43')],
  ['longer than announced', `${code}evil()`],
])('a bundle that was %s is not run', async (_, sent) => {
  const fetched = fetcher.fetchBundle('r1', bundle);
  answer(sent);
  await expect(fetched).rejects.toThrow(/is damaged: its SHA-256 is [0-9a-f]{64}, not/);
});

test('an empty chunk is requested again later, not in a tight loop', () => {
  void fetcher.fetchBundle('r1', bundle);
  answer('');
  expect(asked).toHaveLength(1);
  jest.advanceTimersByTime(2_000);
  expect(asked).toHaveLength(2);
});

test('a replaced bundle is not requested again', () => {
  void fetcher.fetchBundle('r1', bundle);
  void fetcher.fetchBundle('r1', { id: 'f'.repeat(64), size: 1 });
  asked = [];
  jest.advanceTimersByTime(2_000);
  expect(asked).toEqual([{ type: 'artifactRequest', runId: 'r1', artifactId: 'f'.repeat(64), offset: 0 }]);
});

describe('a data file', () => {
  const content = Buffer.from(
    Array.from({ length: 3 * ARTIFACT_CHUNK_BYTES + 5 }, (_, at) => (at * 7_919) % 251),
  );
  const artifact = { id: createHash('sha256').update(content).digest('hex'), size: content.length };
  const directory = mkdtempSync(join(tmpdir(), 'drumline-test-'));
  process.env['DRUMLINE_CACHE_DIR'] = directory;
  const stored = join(directory, artifact.id);
  beforeEach(() => void jest.useRealTimers());
  afterEach(() => {
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  /** Answers requests, the newest first, until there are none. @param change of a chunk */
  async function serve(wanted: Promise<void>, change = (bytes: Buffer): Buffer => bytes): Promise<void> {
    let isSettled = false;
    const settled = wanted.catch(() => {}).then(() => (isSettled = true));
    while (!isSettled) {
      const request = asked.pop() as Extract<WorkerMessage, { type: 'artifactRequest' }> | undefined;
      if (request) {
        const { artifactId, offset } = request;
        const bytes = change(content.subarray(offset, offset + ARTIFACT_CHUNK_BYTES));
        fetcher.take({ type: 'artifactChunk', artifactId, offset, bytes });
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await settled;
    await wanted;
  }

  test('is fetched once, with chunks in any order, and found by the next worker', async () => {
    await serve(fetcher.fetchFile('r1', artifact, 'rows'));
    expect(readFileSync(stored).equals(content)).toBe(true);
    await new ArtifactFetcher({} as WorkerLink).fetchFile('r1', artifact, 'rows');
    expect(readdirSync(directory)).toEqual([artifact.id]);
  });

  test('is continued where an earlier worker was interrupted', async () => {
    writeFileSync(`${stored}.part`, content.subarray(0, ARTIFACT_CHUNK_BYTES + 3));
    const offsets: number[] = [];
    const fetched = fetcher.fetchFile('r1', artifact, 'rows');
    await serve(fetched, (bytes) => {
      offsets.push(bytes.length);
      return bytes;
    });
    expect(readFileSync(stored).equals(content)).toBe(true);
    expect(offsets.reduce((sum, size) => sum + size)).toBe(content.length - ARTIFACT_CHUNK_BYTES - 3);
  });

  test('that arrives damaged is refused and not kept', async () => {
    const damaged = serve(fetcher.fetchFile('r1', artifact, 'rows'), (bytes) => Buffer.alloc(bytes.length));
    await expect(damaged).rejects.toThrow(/^rows is damaged: its SHA-256 is/);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('that the master cannot read is reported with its reason', async () => {
    const fetched = fetcher.fetchFile('r1', artifact, 'rows');
    await new Promise((resolve) => setImmediate(resolve));
    const chunk = {
      type: 'artifactChunk',
      artifactId: artifact.id,
      offset: 0,
      bytes: new Uint8Array(0),
    } as const;
    fetcher.take({ ...chunk, problem: 'rows.csv cannot be read' });
    await expect(fetched).rejects.toThrow('rows.csv cannot be read');
  });

  test('is not fetched twice at a time', async () => {
    const other = new ArtifactFetcher({ send: () => true } as unknown as WorkerLink);
    const first = fetcher.fetchFile('r1', artifact, 'rows');
    const second = other.fetchFile('r1', artifact, 'rows');
    await serve(first);
    await second;
    expect(readFileSync(stored).equals(content)).toBe(true);
  });
});
