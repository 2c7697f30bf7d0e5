import { ThresholdJudge } from '@drumline/stats';
import { storedCountsOf, type StoredState } from '../store/run-store.js';

/**
 * The judge of a stored run, which continues where its master stopped.
 * @param nextSecond the first second that had not closed
 */
export function restoreJudge(state: StoredState, nextSecond: number): ThresholdJudge {
  const { plan, thresholds = [] } = state.run;
  const { fromSecond, history, deltas } = storedCountsOf(state);
  const judge = new ThresholdJudge(plan.thresholds ?? [], fromSecond);
  if (judge.thresholds.length > 0) judge.restore(thresholds, history?.totals ?? [], deltas, nextSecond);
  return judge;
}
