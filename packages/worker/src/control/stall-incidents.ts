import type { Millis } from '@drumline/model';
import type { LaneIncident } from '@drumline/wire';
import type { StallCause } from './stall-cause.js';

type Incident = Omit<LaneIncident, 'type'>;

/** A lane has not responded for a while. */
export function stalledLane(
  lane: number,
  stalledMs: Millis,
  cause: StallCause,
  stack: string | undefined,
): Incident {
  if (cause === 'starved')
    return { lane, stalledMs, kind: 'starved', reason: 'it is overloaded or gets too little CPU' };
  return { lane, stalledMs, kind: 'stalled', reason: 'it is blocked', stack };
}

/** A lane responds again. */
export function recoveredLane(
  lane: number,
  stalledMs: Millis,
  cause: StallCause,
  stack: string | undefined,
): Incident {
  const starved = cause === 'starved';
  return { lane, kind: 'recovered', reason: 'it responds again', stalledMs, stack, starved };
}
