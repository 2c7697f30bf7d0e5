import { setTimeout as pause } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import { watchVitals } from './vitals.js';

test('a process without free file descriptors still reports its vitals', () => {
  const vitals = watchVitals();
  const before = vitals();
  expect(before.memoryBytes).toBeGreaterThan(0);
  const reading = jest.spyOn(process.memoryUsage, 'rss').mockImplementation(() => {
    throw new Error('EMFILE: too many open files, uv_resident_set_memory');
  });
  expect(vitals().memoryBytes).toBe(before.memoryBytes);
  reading.mockRestore();
});

test('a blocked event loop is a long delay, and each one is listed', async () => {
  const vitals = watchVitals();
  for (let times = 0; times < 3; times += 1) {
    await pause(30);
    const untilMs = performance.now() + 80;
    while (performance.now() < untilMs);
  }
  await pause(30);
  const { longDelaysMs } = vitals();
  expect(longDelaysMs.filter((ms) => ms > 50).length).toBeGreaterThanOrEqual(3);
});
