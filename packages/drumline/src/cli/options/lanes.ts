import { availableParallelism } from 'node:os';
import { judgeLanes, judgeMemory } from '@drumline/worker/capacity';
import { wrong } from './values.js';

/** Lanes of each worker of `drumline run`: the master and the target need a core, too. */
export function defaultLanes(workers = 1): number {
  return Math.max(1, Math.floor((availableParallelism() - 1) / workers));
}

/**
 * Looks whether this machine can have so many lanes; says so where they will only take turns.
 * @throws DrumlineError `usage` if they could do no good
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

/** Warns where the memory of this machine or container does not do for what is about to start. */
export function warnOfLittleMemory({ lanes, master }: { lanes: number; master: boolean }): void {
  const problem = judgeMemory(lanes, master ? MASTER_BYTES : 0);
  if (problem !== undefined) console.error(`warning: ${problem}. Raise the limit.`);
}
