// Schedules on which something was wrong once, as small as they could be made.
import { expect, test } from '@jest/globals';
import { simulate } from '../../scripts/dist/simulation/simulate.js';
import type { Schedule } from '../../scripts/dist/simulation/schedule.js';
import { scheduleOf } from './schedules.js';

const found: Record<string, Schedule> = {
  'a worker that got its users and missed the start alone is told again': scheduleOf([
    { atMs: 0, do: 'lose', worker: 1, message: 'start' },
  ]),
  'a setup whose order is lost is asked for again': scheduleOf(
    [0, 1].map((worker) => ({ atMs: 0, do: 'lose', worker, message: 'runPhase' })),
    { hasSetup: true },
  ),
  'a teardown whose answer is lost is not run twice, and does not hold the end up': scheduleOf(
    [0, 1].map((worker) => ({ atMs: 11_000, do: 'lose', worker, message: 'phaseDone' })),
    { hasSetup: true, calmAtMs: 40_000 },
  ),
  'a worker that joins while the run is drained is not asked for the teardown': scheduleOf(
    [
      { atMs: 3_000, do: 'kill', worker: 0, backAfterMs: 4_600 },
      { atMs: 5_400, do: 'freezeMaster', forMs: 30_000 },
    ],
    { hasSetup: true, calmAtMs: 36_000 },
  ),
  'the wish to leave is said again when it is lost': scheduleOf([
    { atMs: 5_000, do: 'lose', worker: 0, message: 'leaving' },
    { atMs: 5_100, do: 'leave', worker: 0 },
  ]),
};

test.each(Object.entries(found))('%s', async (_, schedule) => {
  const { violations, requests } = await simulate(schedule);
  expect(violations).toEqual([]);
  expect(requests).toBeGreaterThan(0);
});
