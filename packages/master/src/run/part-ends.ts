import { endFixedPart, startFollowers, type Millis } from '@drumline/model';
import type { StartedRun } from './started-run.js';

/** A part starts this long after the end of the one that it follows, so that all lanes know. */
const START_LEAD_MS: Millis = 500;

/**
 * Ends the parts whose fixed number of iterations have all run, and starts the parts that follow.
 * When the last part ends, the run reaches its planned end.
 */
export function endParts(run: StartedRun): void {
  const { dispatch, clock, allocation } = run;
  if (clock.paused || allocation.inReconnectGrace) return;
  const { runMs } = clock;
  const ended = dispatch
    .finishedParts(runMs)
    .reduce((load, part) => endFixedPart(load, part, runMs), run.load);
  const load = startFollowers(ended, runMs, START_LEAD_MS);
  if (load === run.load) return;
  dispatch.changeLoad(load, runMs);
  run.applyLoad();
}
