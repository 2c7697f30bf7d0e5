import { ThresholdJudge, type IntervalDelta } from '@drumline/stats';
import { closedDeltasOf } from '../intervals/stored-counts.js';
import { storedCountsOf, type StoredState } from '../store/run-store.js';

/** The judge of a stored run that is over: everything that was stored counts. */
export function judgeOf(state: StoredState): ThresholdJudge {
  return judgeWith(state, state.deltas);
}

/** The judge of a run that another master resumes. It judges seconds as they close. */
export function resumeJudge(state: StoredState): ThresholdJudge {
  return judgeWith(state, closedDeltasOf(state));
}

function judgeWith(state: StoredState, deltas: Iterable<IntervalDelta>): ThresholdJudge {
  const { plan, thresholds = [] } = state.run;
  const { fromSecond, history } = storedCountsOf(state);
  const judge = new ThresholdJudge(plan.thresholds ?? [], fromSecond);
  if (judge.thresholds.length > 0)
    judge.restore(thresholds, history?.totals ?? [], deltas, history?.until ?? 0);
  return judge;
}
