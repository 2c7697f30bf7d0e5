import type { FoundLimit } from '@drumline/model';
import type { LimitResult } from '@drumline/wire';

/** The answer of a search for a limit, as the result shows it. */
export function limitResultOf({ steps, ...answer }: FoundLimit): LimitResult {
  return {
    ...answer,
    steps: steps.map(({ observed, ...step }) => ({ ...step, observed: observed.map((one) => ({ ...one })) })),
  };
}
