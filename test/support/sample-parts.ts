import type { LoadPartResult } from '@drumline/wire';

/** A load with a part of each kind. */
export function sampleParts(): LoadPartResult[] {
  const shared = { phase: '', userTypes: ['shopper', 'editor'], text: '' };
  return [
    {
      ...shared,
      startMs: 0,
      workload: {
        kind: 'users',
        profile: {
          fromUsers: 0,
          stages: [
            { toUsers: 500, durationMs: 120_000 },
            { toUsers: 500, durationMs: null },
          ],
        },
      },
    },
    {
      phase: 'warmUp',
      userTypes: ['editor'],
      text: '',
      startMs: 120_000,
      workload: {
        kind: 'arrivals',
        rate: { fromPerSecond: 20, stages: [{ toPerSecond: 20, durationMs: 60_000 }] },
        order: { kind: 'random', seed: 7 },
        maxConcurrent: 40,
      },
    },
    {
      ...shared,
      startMs: null,
      workload: { kind: 'fixed', total: 1_000, users: 20, each: false, limitMs: 120_000 },
    },
  ];
}
