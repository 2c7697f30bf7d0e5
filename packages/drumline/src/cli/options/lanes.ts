import { availableParallelism } from 'node:os';
import { DrumlineError } from '@drumline/model';
import { judgeLaneFiles, judgeLanes, judgeMemory } from '@drumline/worker/capacity';
import { OPEN_FILES_HINT } from '../failure.js';
import { optionError } from './values.js';

/** Default lanes per worker of `drumline run`. One core is left to the master and the target. */
export function defaultLanes(workers = 1): number {
  return Math.max(1, Math.floor((availableParallelism() - 1) / workers));
}

/**
 * Checks the number of lanes against this machine. Warns if the lanes would share cores.
 * @throws DrumlineError `usage` if the machine cannot run that many, `limits-too-low` if a worker
 *   may not open its pipes to them
 */
export function requireSensibleLanes(lanes: number, workers = 1): void {
  const verdict = judgeLanes(lanes * workers);
  const of =
    workers === 1 ? '' : ` (${workers} workers with ${lanes} ${lanes === 1 ? 'lane' : 'lanes'} each)`;
  const hint =
    'A lane is a process that can use a whole core. One lane per core is enough, even for thousands of users.';
  if (verdict?.kind === 'refused')
    throw optionError(workers === 1 ? 'lanes' : 'workers', verdict.message + of, hint);
  const files = judgeLaneFiles(lanes);
  if (files !== undefined) throw new DrumlineError('limits-too-low', files, OPEN_FILES_HINT);
  if (verdict) console.error(`warning: ${verdict.message}${of}. ${hint}`);
}

/** Memory of a master with its scenario host and its link process, bytes. */
const MASTER_BYTES = 95 * 2 ** 20;

/** Warns if this machine or container has too little memory for these processes. */
export function warnIfLittleMemory({ lanes, master }: { lanes: number; master: boolean }): void {
  const problem = judgeMemory(lanes, master ? MASTER_BYTES : 0);
  if (problem !== undefined) console.error(`warning: ${problem}. Raise the limit.`);
}
