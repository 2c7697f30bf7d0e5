import { changeRateNow, formatLoadRate, type Millis } from '@drumline/model';
import type { IntervalEvent } from '@drumline/stats';
import type { Log } from '../cluster/log.js';
import type { IntervalStream } from '../intervals/interval-stream.js';
import type { LimitSearch } from './limit-search.js';
import type { RunEnds, RunProgress } from './run-events.js';
import type { StartedRun } from './started-run.js';

/** A changed rate begins this long after the order, so that every lane knows it by then. */
const RATE_LEAD_MS: Millis = 1_000;

interface Parts {
  readonly run: Pick<RunProgress, 'isRunning'> & Pick<RunEnds, 'stop'>;
  readonly stream: IntervalStream;
  readonly log: Log;
}

/**
 * Raises the rate step by step until the search is over, and ends the run then. A pause or a reset
 * of the statistics repeats the step. So does a restart of the master, once its workers are back.
 */
export function followLimit(started: StartedRun, search: LimitSearch, { run, stream, log }: Parts): void {
  const { clock, allocation } = started;
  let pausedMs = clock.pausedMs;
  // After a restart, the workers must be back before the load may change.
  let awaitsWorkers = allocation.inReconnectGrace;
  const begin = (): void => {
    const { perSecond } = search;
    if (perSecond === undefined) return run.stop('planned');
    pausedMs = clock.pausedMs;
    setRate(started, perSecond);
    search.begin(clock.elapsedMs + RATE_LEAD_MS);
  };
  const receive = (event: IntervalEvent): void => {
    if (!run.isRunning) return;
    if (awaitsWorkers) {
      awaitsWorkers = allocation.inReconnectGrace;
      return awaitsWorkers ? undefined : begin();
    }
    if (event.type === 'reset') return begin();
    search.add(event);
    if (event.type === 'corrected' || clock.paused) return;
    if (clock.pausedMs !== pausedMs) return begin();
    if (!search.close(event.second, event.completeThrough)) return;
    const { perSecond, passed, untrusted } = search.steps.at(-1)!;
    const outcome = passed ? 'passed' : (untrusted?.message ?? 'a condition did not hold');
    log(`Step ${search.steps.length} at ${formatLoadRate(perSecond)}: ${outcome}.`);
    begin();
  };
  // No second may be missing from a step.
  stream.subscribe('limit', receive, Infinity);
  if (!awaitsWorkers) search.begin(0);
}

function setRate(started: StartedRun, perSecond: number): void {
  const { dispatch, plan, clock } = started;
  const { runMs } = clock;
  const change = { perSecond, overMs: 0, fromMs: runMs + RATE_LEAD_MS };
  const changed = changeRateNow(dispatch.load, plan.userTypes, runMs, change);
  // The run is at its end.
  if ('problem' in changed) return;
  dispatch.changeLoad(changed.load, runMs);
  started.applyLoad();
}
