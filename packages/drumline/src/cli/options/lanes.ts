import { availableParallelism } from 'node:os';
import { judgeLanes, judgeMemory } from '@drumline/worker/capacity';
import { wrong } from './values.js';

/** Lanes of each worker of `drumline run`: the master and the target need a core, too. */
export function defaultLanes(workers = 1): number {
  return Math.max(1, Math.floor((availableParallelism() - 1) / workers));
}

/**
 * Checks the number of lanes against this machine. Warns if the lanes would share cores.
 * @throws DrumlineError `usage` if the machine cannot run so many
 */
export function requireSensibleLanes(lanes: number, workers = 1): void {
  const verdict = judgeLanes(lanes * workers);
  if (verdict === undefined) return;
  const of =
    workers === 1 ? '' : ` (${workers} workers with ${lanes} ${lanes === 1 ? 'lane' : 'lanes'} each)`;
  const hint =
    'Each lane is a process that keeps a core busy: one for each core is enough, also for thousands of users.';
  if (verdict.kind === 'refused')
    throw wrong(workers === 1 ? 'lanes' : 'workers', verdict.message + of, hint);
  console.error(`warning: ${verdict.message}${of}. ${hint}`);
}

/** What a master takes with the scenario host and the process of its worker port, bytes. */
const MASTER_BYTES = 95 * 2 ** 20;

/** Warns if this machine or container has too little memory for these processes. */
export function warnOfLittleMemory({ lanes, master }: { lanes: number; master: boolean }): void {
  const problem = judgeMemory(lanes, master ? MASTER_BYTES : 0);
  if (problem !== undefined) console.error(`warning: ${problem}. Raise the limit.`);
}
