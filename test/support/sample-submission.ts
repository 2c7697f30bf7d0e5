import type { Submission } from '@drumline/wire';

/** A submission of a run with one user. */
export function sampleSubmission(): Submission {
  return {
    scenario: 'shop.ts',
    bundle: { id: 'cd'.repeat(32), size: 12 },
    plan: {
      name: 'shop',
      userTypes: [{ name: 'shopper', weight: 1, laneGroup: 'default', tasks: ['browse'] }],
      laneGroups: [{ name: 'default', users: 1 }],
      load: {
        parts: [
          {
            phase: '',
            types: [0],
            startMs: 0,
            workload: {
              kind: 'users',
              profile: { fromUsers: 0, stages: [{ durationMs: null, toUsers: 1 }] },
            },
          },
        ],
      },
      seed: 1,
      tags: { include: [], exclude: [] },
      stopTimeoutMs: 1_000,
      maxSeries: 100,
      hasSetup: false,
      hasTeardown: false,
      masterHooks: [],
    },
  };
}
