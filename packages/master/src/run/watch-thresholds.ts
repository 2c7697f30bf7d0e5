import { describeSubject, thresholdName } from '@drumline/model';
import type { ThresholdState, IntervalEvent } from '@drumline/stats';
import type { Log } from '../cluster/log.js';
import type { IntervalStream } from '../intervals/interval-stream.js';
import type { Emit, RunEnds, RunProgress } from './run-events.js';
import type { StartedRun } from './started-run.js';
import { thresholdSentence, type ThresholdEvent } from './threshold-sentence.js';

interface Parts {
  readonly run: Pick<RunProgress, 'isRunning'> & Pick<RunEnds, 'stop'>;
  readonly stream: IntervalStream;
  readonly emit: Emit;
  readonly log: Log;
}

/** Judges the thresholds each second, reports changes, and ends the run if one demands it. */
export function watchThresholds(started: StartedRun, { run, stream, emit, log }: Parts): void {
  const { judge, clock } = started;
  if (judge.thresholds.length === 0) return;
  const receive = (event: IntervalEvent): void => {
    if (event.type === 'reset') return judge.reset(event.fromSecond);
    judge.add(event.counts);
    if (event.type === 'corrected') return;
    const { second } = event;
    for (const state of judge.close(second)) {
      const change = eventOf(state, new Date(clock.startedAt.getTime() + (second + 1) * 1_000));
      emit(change);
      log(thresholdSentence(change));
    }
    const aborting = run.isRunning ? judge.abort() : undefined;
    if (aborting)
      run.stop(
        'threshold',
        `The threshold ${thresholdName(aborting)} was broken, so the run ended ${started.howFar}.`,
      );
  };
  // It is quick, and no second may be missing from the verdict.
  stream.subscribe('thresholds', receive, Infinity);
}

function eventOf({ threshold, isBroken, observed }: ThresholdState, at: Date): ThresholdEvent {
  return {
    type: 'threshold',
    expression: threshold.expression,
    of: describeSubject(threshold.subject),
    state: isBroken ? 'broken' : 'recovered',
    unit: threshold.unit,
    observed: observed ?? null,
    limit: threshold.limit,
    at: at.toISOString(),
  };
}
