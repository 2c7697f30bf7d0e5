import { DrumlineError } from '@drumline/model';
import type { PhaseDone } from '@drumline/wire';
import type { Participant } from '../allocation/participant.js';

/** The workers as `setup` and `teardown` see them. */
export interface PhaseWorkers {
  readonly participants: {
    readonly ready: readonly Participant[];
    inState(state: 'idle'): readonly Participant[];
  };
  /** @returns undefined if the worker was lost meanwhile */
  runPhase(
    worker: Participant,
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
  const worker = workers.participants.ready[0]!;
  const done = await workers.runPhase(worker, 'setup');
  if (done && done.problem === undefined) return done.result;
  const problem = done?.problem ?? `worker ${worker.id} was lost while running it`;
  throw new DrumlineError('setup-failed', `The scenario’s setup failed: ${problem}`);
}

/**
 * Runs the scenario's `teardown` on one worker.
 * @param tookPart whether a worker had users: one that joined too late has not loaded the scenario
 * @returns the message of a failure, if it failed
 */
export async function tearDown(
  workers: PhaseWorkers,
  tookPart: (worker: Participant) => boolean,
  setupResult: unknown,
): Promise<string | undefined> {
  const worker = workers.participants.inState('idle').find(tookPart);
  const done = worker && (await workers.runPhase(worker, 'teardown', setupResult));
  const lost = worker ? `worker ${worker.id} was lost while running it` : 'no worker was left to run it';
  const problem = done ? done.problem : lost;
  return problem === undefined ? undefined : `The scenario’s teardown failed: ${problem}`;
}
