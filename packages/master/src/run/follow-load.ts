import type { ParticipantList } from '../allocation/participant-list.js';
import type { RunClock } from './run-clock.js';
import type { RunEnds } from './run-events.js';
import { StartedRun, type PlannedRun } from './started-run.js';
import { Watch, type WatchParts } from './watch.js';

interface Parts extends Omit<WatchParts, 'run'> {
  readonly run: WatchParts['run'] & RunEnds;
  readonly participants: ParticipantList;
  /** Called when the users of a second are counted. */
  readonly onSecond: (second: number) => void;
}

/**
 * Starts a run: its load follows the clock, and each second is watched.
 * @param fromSecond the first second that is not over
 */
export function followLoad(
  planned: PlannedRun,
  clock: RunClock,
  fromSecond: number,
  parts: Parts,
): { readonly started: StartedRun; readonly watch: Watch } {
  const { run, participants, onSecond } = parts;
  const events = {
    second: (second: number) => {
      watch.countUsers(second);
      onSecond(second);
      watch.judge(second);
    },
    end: () => run.stop(participants.haveAllLeft ? 'workers-left' : 'planned'),
  };
  const started = new StartedRun(planned, clock, events, fromSecond);
  const watch = new Watch(started, parts);
  return { started, watch };
}
