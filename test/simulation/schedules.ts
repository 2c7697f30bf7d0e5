import type { Schedule, Step } from '../../scripts/dist/simulation/schedule.js';

/** A schedule with a good network and eight users for 26 seconds, on two workers of one lane. */
export function scheduleOf(steps: readonly Step[], otherwise: Partial<Schedule> = {}): Schedule {
  return {
    seed: 1,
    workers: 2,
    lanes: 1,
    laterRuns: [],
    load: {
      fromUsers: 0,
      stages: [
        { durationMs: 1_000, toUsers: 8 },
        { durationMs: 25_000, toUsers: 8 },
      ],
    },
    userTypes: [{ name: 'reader', weight: 1, laneGroup: 'default', tasks: ['get'] }],
    laneGroups: [{ name: 'default', users: 8 }],
    hasSetup: false,
    onWorkerLost: 'rebalance',
    stopTimeoutMs: 1_000,
    orphanGraceMs: 8_000,
    driftPpm: 0,
    network: { minDelayMs: 1, maxDelayMs: 5, dropped: 0, repeated: 0, reorders: false },
    maxCommitMs: 20,
    steps,
    calmAtMs: 12_000,
    ...otherwise,
  };
}
