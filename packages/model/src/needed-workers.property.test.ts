import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { neededWorkers } from './needed-workers.js';
import type { Load } from './workload/workload.js';

const TYPE = { types: [0] };

function usersLoad(users: number): Load {
  const profile = { fromUsers: 0, stages: [{ toUsers: users, durationMs: 1_000 }] };
  return { parts: [{ ...TYPE, startMs: 0, workload: { kind: 'users', profile } }] } as unknown as Load;
}

function arrivalsLoad(...rates: number[]): Load {
  const parts = rates.map((toPerSecond, index) => ({
    ...TYPE,
    startMs: index * 1_000,
    workload: { kind: 'arrivals', rate: { fromPerSecond: 0, stages: [{ toPerSecond, durationMs: 1_000 }] } },
  }));
  return { parts } as unknown as Load;
}

test.each([
  ['a small load', usersLoad(50), 2, 1],
  ['users', usersLoad(20_000), 2, 2],
  ['users on wide machines, by their ports', usersLoad(60_000), 64, 3],
  ['arrivals', arrivalsLoad(9_000), 2, 3],
  ['arrivals in turn, of which the highest counts', arrivalsLoad(9_000, 2_000), 2, 3],
  ['no load', { parts: [] }, 2, 1],
])('%s', (_, load, lanes, workers) => {
  expect(neededWorkers({ load }, lanes)).toBe(workers);
});

test('more load never needs fewer workers, and more lanes never need more', () => {
  const users = fc.integer({ min: 0, max: 1_000_000 });
  const lanes = fc.integer({ min: 1, max: 64 });
  fc.assert(
    fc.property(users, users, lanes, (some, more, width) => {
      const needed = neededWorkers({ load: usersLoad(some) }, width);
      expect(needed).toBeGreaterThanOrEqual(1);
      expect(neededWorkers({ load: usersLoad(some + more) }, width)).toBeGreaterThanOrEqual(needed);
      expect(neededWorkers({ load: usersLoad(some) }, width + 1)).toBeLessThanOrEqual(needed);
    }),
  );
});
