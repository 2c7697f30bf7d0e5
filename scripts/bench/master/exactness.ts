import type { Figures } from './measure.js';

export interface Verdict {
  readonly isExact: boolean;
  readonly text: string;
}

/**
 * Compares the master's count with that of the workers. An unacknowledged report may be counted or
 * not.
 */
export function verdictOn({ counted, whole }: Pick<Figures, 'counted' | 'whole'>): Verdict {
  const { requests, ackedRequests } = whole;
  const unacknowledged = requests - ackedRequests;
  if (counted < ackedRequests) return { isExact: false, text: `${ackedRequests - counted} MISSING` };
  if (counted > requests) return { isExact: false, text: `${counted - requests} TOO MANY` };
  if (unacknowledged === 0) return { isExact: true, text: 'equal' };
  return { isExact: true, text: `possible, ${unacknowledged} not acknowledged` };
}
