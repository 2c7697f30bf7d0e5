import type { MasterHandle } from '@drumline/master';
import type { RunResult } from '@drumline/wire';

/** States in which no load has started. */
const BEFORE_START = ['created', 'gathering', 'preparing', 'ready'];

/**
 * The result of a run. If all local workers are lost before the run starts, it is an error. Later,
 * the run is stopped and reports what was counted.
 * @param lost rejects when all local workers are lost
 */
export async function resultOf(master: MasterHandle, lost: Promise<never> | undefined): Promise<RunResult> {
  if (lost === undefined) return await master.finished;
  return await Promise.race([master.finished, afterWorkerLoss(master, lost)]);
}

async function afterWorkerLoss(master: MasterHandle, lost: Promise<never>): Promise<RunResult> {
  try {
    return await lost;
  } catch (error) {
    if (BEFORE_START.includes(master.control.status().state)) throw error;
    master.stop('requested');
    return await master.finished;
  }
}
