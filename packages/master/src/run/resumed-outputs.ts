import { StatsTally, type IntervalDelta } from '@drumline/stats';
import { closedDeltasOf } from '../intervals/stored-counts.js';
import type { StoredState } from '../store/run-store.js';
import type { ResumedOutputs } from './run-outputs.js';

/** What the previous master of a run has left for its outputs; undefined if it had none. */
export function resumedOutputs(state: StoredState): ResumedOutputs | undefined {
  const { run, events } = state;
  if (!run.sent) return undefined;
  const position = events.at(-1)?.position ?? 0;
  return { counted: countedIn(state), sinceSecond: run.fromSecond, position, events, sent: run.sent };
}

/** The sum over closed seconds. */
function countedIn(state: StoredState): IntervalDelta {
  const tally = new StatsTally(Infinity);
  for (const delta of state.history?.totals ?? []) tally.add(delta);
  for (const delta of closedDeltasOf(state)) tally.add(delta);
  return tally.delta(0) ?? { second: 0, series: [], checks: [], metrics: [], exceptions: [] };
}
