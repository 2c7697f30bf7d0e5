import type { StoredRun } from '@drumline/master/store';
import { rampAndHold } from '@drumline/model';

/** A run that benchmarks keep in a store. */
export function storedBenchRun(fields: Partial<StoredRun> = {}): StoredRun {
  return {
    runId: '00000000',
    scenario: 'bench.ts',
    bundle: { id: '', code: '' },
    plan: {
      name: 'bench',
      userTypes: [],
      laneGroups: [],
      load: rampAndHold(1),
      tags: { include: [], exclude: [] },
      stopTimeoutMs: 0,
      maxSeries: 1_000,
      hasSetup: false,
      hasTeardown: false,
      masterHooks: [],
    },
    drumline: '',
    createdAt: new Date().toISOString(),
    workerAddress: '',
    state: 'running',
    epoch: 1,
    load: rampAndHold(1),
    placement: [],
    notes: [],
    fromSecond: 0,
    ...fields,
  };
}
