import { expect, test } from '@jest/globals';
import { judgeLaneFiles, judgeLanes, judgeMemory } from './capacity.js';

const GIB = 2 ** 30;

test.each([
  [1, 2, 8 * GIB, undefined],
  [8, 2, 8 * GIB, undefined],
  [9, 2, 8 * GIB, 'doubt'],
  [64, 2, 8 * GIB, 'doubt'],
  [65, 2, 8 * GIB, 'refused'],
  [999, 2, 64 * GIB, 'refused'],
  [20, 64, GIB / 2, 'refused'],
  [1, 1, 512 * 2 ** 20, undefined],
])('%i lanes on %i CPUs with %i bytes', (lanes, cpus, memoryBytes, kind) => {
  expect(judgeLanes(lanes, { cpus, memoryBytes })?.kind).toBe(kind);
});

test('a refusal states the maximum', () => {
  expect(judgeLanes(999, { cpus: 2, memoryBytes: 4 * GIB })!.message).toBe(
    '999 lanes are too many: this machine has 2 CPUs and 4096 MiB, which is enough for 64 at most',
  );
});

test('lanes need pipes, so a low limit of open files refuses many of them', () => {
  expect(judgeLaneFiles(44, 192)).toBeUndefined();
  expect(judgeLaneFiles(45, 192)).toBe(
    'a worker with 45 lanes needs 195 open files, and this process may open only 192 (ulimit -n)',
  );
});

test('a memory warning states the needed and the available memory', () => {
  const room = (mebibytes: number) => ({ cpus: 2, memoryBytes: mebibytes * 2 ** 20 });
  expect(judgeMemory(1, 0, room(128))).toBeUndefined();
  expect(judgeMemory(1, 100 * 2 ** 20, room(128))).toMatch(/^about 180 MiB of memory .* has 128 MiB:/);
  expect(judgeMemory(0, 100 * 2 ** 20, room(64))).toMatch(/exit code 137/);
});
