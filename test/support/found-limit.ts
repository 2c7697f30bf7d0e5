import type { LimitResult, LimitStepResult } from '@drumline/wire';

function step(perSecond: number, observed: number | null, passed: boolean): LimitStepResult {
  const condition = { expression: 'p90 < 250ms', unit: 'ms' as const };
  return { perSecond, heldSeconds: 4, observed: [{ ...condition, observed, passed }], passed };
}

/** A search that has found the limit of its target. One of its steps was repeated. */
export const FOUND_LIMIT: LimitResult = {
  perSecond: 80,
  reason: 'condition',
  brokenAt: 100,
  steps: [
    step(60, 52.3, true),
    {
      ...step(80, 900, false),
      untrusted: { by: 'generator', message: 'w1 was the bottleneck in 1 of 4 seconds' },
    },
    step(80, 54.1, true),
    step(100, 412.7, false),
  ],
};
