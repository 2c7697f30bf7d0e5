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
