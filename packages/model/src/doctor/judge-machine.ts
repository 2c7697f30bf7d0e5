import type { Diagnosis } from './diagnosis.js';
import { judgeNewConnections, judgeOpenFiles, judgePorts } from './judge-connections.js';
import { judgeCpu, judgeGovernor, judgeMemory, judgeSteal, judgeThrottling } from './judge-resources.js';
import { judgeBacklog, judgeBuffers } from './judge-tcp.js';
import type { MachineLimits } from './machine-limits.js';
import { withoutLoad, type WorkerNeeds } from './needs.js';

/** What shall run on a machine. */
export type MachineRole = 'master' | 'worker' | 'both';

/** Memory of a master with its scenario host and its link process, bytes. */
export const MASTER_BYTES = 95 * 2 ** 20;

/** Every check of a machine that needs no network. */
export function judgeMachine(limits: MachineLimits, role: MachineRole, needs: WorkerNeeds): Diagnosis[] {
  const others = role === 'worker' ? 0 : MASTER_BYTES;
  if (role === 'master') needs = withoutLoad(0);
  return [
    judgeOpenFiles(limits, needs),
    ...(role === 'master' ? [] : [judgePorts(limits, needs), judgeNewConnections(limits, needs)]),
    ...(role === 'worker' ? [] : [judgeBacklog(limits)]),
    judgeBuffers(limits, needs),
    judgeCpu(limits, needs),
    judgeThrottling(limits),
    judgeSteal(limits),
    judgeGovernor(limits),
    judgeMemory(limits, needs, others),
  ];
}

/** A limit that the load of a run exceeds. */
export interface TightLimit {
  /** Name of the check: `open files`. */
  readonly check: string;
  /** Whether it will certainly break the run. */
  readonly breaks: boolean;
  readonly message: string;
  readonly hint: string;
}

/** Limits of a machine that are too low for the load of a worker. */
export function findTightLimits(limits: MachineLimits, needs: WorkerNeeds): TightLimit[] {
  const all = [
    judgeOpenFiles(limits, needs),
    judgePorts(limits, needs),
    judgeNewConnections(limits, needs),
    judgeCpu(limits, needs),
    judgeMemory(limits, needs),
  ];
  return all.flatMap(({ check, grade, problem, remedy }) =>
    grade !== 'ok' && problem !== undefined
      ? [{ check, breaks: grade === 'breaks', message: problem, hint: remedy ?? '' }]
      : [],
  );
}
