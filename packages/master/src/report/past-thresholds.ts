import { ThresholdJudge } from '@drumline/stats';
import { storedCountsOf, type StoredState } from '../store/run-store.js';

/** The judge of a stored run, which continues where its master stopped. */
export function restoreJudge(state: StoredState): ThresholdJudge {
  const { plan, thresholds = [] } = state.run;
  const { fromSecond, history, deltas } = storedCountsOf(state);
  const judge = new ThresholdJudge(plan.thresholds ?? [], fromSecond);
  if (judge.thresholds.length > 0)
    judge.restore(thresholds, history?.totals ?? [], deltas, history?.until ?? 0);
  return judge;
}
