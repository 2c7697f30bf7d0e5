import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { WorkerLink, WorkerMessage } from '@drumline/wire';
import { BundleFetcher } from './bundle-fetch.js';

const code = 'export default 42;';
const id = createHash('sha256').update(code).digest('hex');
const bundle = { id, size: code.length };

let asked: WorkerMessage[];
let fetcher: BundleFetcher;
beforeEach(() => {
  jest.useFakeTimers();
  asked = [];
  const link: WorkerLink = {
    badFrames: 0,
    listen: () => {},
    send: (message) => asked.push(message) > 0,
    close: () => Promise.resolve(),
  };
  fetcher = new BundleFetcher(link);
});
afterEach(() => void jest.useRealTimers());

/** Answers the last request with a part of the code. */
function answer(text: string): void {
  const { offset } = asked.at(-1) as Extract<WorkerMessage, { type: 'bundleRequest' }>;
  fetcher.take({ type: 'bundleChunk', bundleId: id, offset, bytes: Buffer.from(text) });
}

test('a bundle is requested in chunks and accepted if its hash matches', async () => {
  const fetched = fetcher.fetch(bundle);
  answer(code.slice(0, 5));
  answer(code.slice(5));
  expect(await fetched).toBe(code);
  expect(asked.map((message) => 'offset' in message && message.offset)).toEqual([0, 5]);
});

test.each([
  ['changed in transit', code.replace('42', '43')],
  ['longer than announced', `${code}evil()`],
])('a bundle that was %s is not run', async (_, sent) => {
  const fetched = fetcher.fetch(bundle);
  answer(sent);
  await expect(fetched).rejects.toThrow(/is damaged: its SHA-256 is [0-9a-f]{64}, not/);
});

test('an empty chunk is requested again later, not in a tight loop', () => {
  void fetcher.fetch(bundle);
  answer('');
  expect(asked).toHaveLength(1);
  jest.advanceTimersByTime(2_000);
  expect(asked).toHaveLength(2);
});

test('a replaced bundle is not requested again', () => {
  void fetcher.fetch(bundle);
  void fetcher.fetch({ id: 'f'.repeat(64), size: 1 });
  asked = [];
  jest.advanceTimersByTime(2_000);
  expect(asked).toEqual([{ type: 'bundleRequest', bundleId: 'f'.repeat(64), offset: 0 }]);
});
