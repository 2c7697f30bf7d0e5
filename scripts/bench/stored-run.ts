import { createHash } from 'node:crypto';
import type { StoredRun } from '@drumline/master/store';
import { rampAndHold, usersLoad } from '@drumline/model';

const CODE = 'export default {};';

const LOAD = usersLoad(rampAndHold(1), [{ name: 'user', weight: 1 }]);

/** A run that benchmarks keep in a store. */
export function storedBenchRun(fields: Partial<StoredRun> = {}): StoredRun {
  return {
    runId: '00000000',
    scenario: 'bench.ts',
    bundle: { id: createHash('sha256').update(CODE).digest('hex'), code: CODE },
    plan: {
      name: 'bench',
      userTypes: [{ name: 'user', weight: 1, laneGroup: 'default', tasks: [] }],
      laneGroups: [{ name: 'default', users: 1 }],
      load: LOAD,
      tags: { include: [], exclude: [] },
      stopTimeoutMs: 0,
      maxSeries: 1_000,
      hasSetup: false,
      hasTeardown: false,
      seed: 1,
      masterHooks: [],
    },
    drumline: '',
    createdAt: new Date().toISOString(),
    workerAddress: 'tcp://127.0.0.1:0',
    state: 'running',
    epoch: 1,
    load: LOAD,
    placement: [],
    notes: [],
    fromSecond: 0,
    ...fields,
  };
}
