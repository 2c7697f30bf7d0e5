import type { Refused } from '@drumline/wire';

/** What a worker that cannot load the scenario is told: the others go on without it. */
export function exclusionOf(problem: string): Refused {
  return {
    type: 'refused',
    reason: 'scenario',
    message: `it could not load the scenario: ${problem.slice(0, 60_000)}`,
    hint: 'The run goes on without this worker. Mend the cause on this machine, and start the worker again.',
  };
}
