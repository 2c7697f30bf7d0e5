import type { RunResult } from '@drumline/client';
import { type LoadPart, plannedRateAt, plannedUsersAt } from '@drumline/model';
import type { Planned } from './run-source.js';

/** Notes after which the plan is not what was asked for. */
const MOVED = new Set(['paused', 'load-changed']);

/** What the plan asked for in the seconds of a run; nothing if somebody changed the load. */
export function plannedOf({ plan, notes }: RunResult, seconds: readonly number[]): Map<number, Planned> {
  if (!plan || notes.some(({ code }) => MOVED.has(code))) return new Map();
  const parts = plan.load.parts.map((part): LoadPart => ({
    ...part,
    types: [],
    workload: part.workload as LoadPart['workload'],
  }));
  return new Map(
    seconds.map((second) => {
      const rate = plannedRateAt({ parts }, second * 1_000 + 500);
      return [second, { users: plannedUsersAt({ parts }, second * 1_000 + 500), ...(rate > 0 && { rate }) }];
    }),
  );
}
