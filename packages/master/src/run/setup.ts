import { DrumlineError } from '@drumline/model';
import type { PhaseDone } from '@drumline/wire';
import type { WorkerRecord } from '../cluster/registry.js';

/** The workers, as far as `setup` and `teardown` need them. */
export interface PhaseWorkers {
  readonly ready: readonly WorkerRecord[];
  readonly registry: { inState(state: 'idle'): readonly WorkerRecord[] };
  /** @returns nothing if the worker was lost meanwhile */
  runPhase(
    worker: WorkerRecord,
    phase: 'setup' | 'teardown',
    setupResult?: unknown,
  ): Promise<PhaseDone | undefined>;
}

/**
 * Runs the scenario's `setup` on one worker.
 * @returns the value that `setup` returned
 * @throws DrumlineError `setup-failed`
 */
export async function setUp(workers: PhaseWorkers): Promise<unknown> {
  const worker = workers.ready[0]!;
  const done = await workers.runPhase(worker, 'setup');
  if (done && done.problem === undefined) return done.result;
  const problem = done?.problem ?? `worker ${worker.id} was lost while it ran it`;
  throw new DrumlineError('setup-failed', `The scenario’s setup failed: ${problem}`);
}

/**
 * Runs the scenario's `teardown` on one worker.
 * @param tookPart whether a worker had users: one that joined too late has not loaded the scenario
 * @returns the message of a failure; nothing if there was none
 */
export async function tearDown(
  workers: PhaseWorkers,
  tookPart: (worker: WorkerRecord) => boolean,
  setupResult: unknown,
): Promise<string | undefined> {
  const worker = workers.registry.inState('idle').find(tookPart);
  const done = worker && (await workers.runPhase(worker, 'teardown', setupResult));
  const lost = worker ? `worker ${worker.id} was lost while it ran it` : 'no worker was left to run it';
  const problem = done ? done.problem : lost;
  return problem === undefined ? undefined : `The scenario’s teardown failed: ${problem}`;
}
