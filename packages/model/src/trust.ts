import { formatDuration, type Millis } from './units.js';

/** How a lane did in the last second or so. */
export interface LaneLoad {
  readonly lane: number;
  /** Share of time in which its event loop was not idle. */
  readonly busy: number;
  /** Share of one CPU. */
  readonly cpu: number;
  /** Longest delay of its event loop. */
  readonly loopDelayMs: Millis;
  /** The delay of its event loop that 1 % of responses at any time would have exceeded. */
  readonly loopDelayP99Ms: Millis;
  /** How long it has not answered; 0 while it answers. */
  readonly stalledMs: Millis;
}

// The limits come from `npm run bench:trust`. There, the p99 of a second is too high by about the
// delay that 1 % of responses exceed.
/** A shorter delay of the event loop does not matter, whatever the response times are. */
const MIN_LOOP_DELAY_MS: Millis = 5;
/** Delays matter from this share of the p99 of their second on. */
const MAX_DELAY_SHARE = 0.2;
/** A delay as bad as a lane that is always busy. */
const SEVERE_DELAY_MS: Millis = 50;
/** A busier lane has a queue that never empties. */
const MAX_BUSY = 0.95;
/** A lane that wanted this share of a CPU without getting it was kept waiting. */
const MAX_MISSING_CPU = 0.25;
/** Iterations that began late, as a share of those of a second; and the least number of them. */
const MAX_LATE = 0.01;
const MIN_LATE = 3;

/** Why response times of a lane cannot be trusted, and how badly. */
export interface Bottleneck {
  /** A sentence without subject and period: `the event loop of lane 0 was late by up to 340ms`. */
  readonly cause: string;
  /** For comparing causes: the larger, the worse. */
  readonly severity: number;
}

/**
 * The worst reason not to trust the response times of lanes; undefined if there is none.
 * @param p99Ms of the responses in that time
 */
export function bottleneckOf(lanes: readonly LaneLoad[], p99Ms: Millis): Bottleneck | undefined {
  return worseOf(lanes.map((lane) => bottleneckIn(lane, p99Ms)));
}

function bottleneckIn(
  { lane, busy, cpu, loopDelayMs, loopDelayP99Ms, stalledMs }: LaneLoad,
  p99Ms: Millis,
): Bottleneck | undefined {
  const missing = Math.min(1, busy) - cpu;
  if (loopDelayP99Ms > MIN_LOOP_DELAY_MS && loopDelayP99Ms > MAX_DELAY_SHARE * p99Ms) {
    const delayMs = Math.max(loopDelayMs, stalledMs);
    const why = missing > MAX_MISSING_CPU ? `, which got too little CPU,` : '';
    return {
      cause: `the event loop of lane ${lane}${why} was late by up to ${formatDuration(delayMs)}`,
      severity: delayMs / SEVERE_DELAY_MS,
    };
  }
  if (busy > MAX_BUSY) return { cause: `lane ${lane} was busy all the time`, severity: busy / MAX_BUSY };
  return undefined;
}

/** The same for iterations that began late, of all that began in a second. */
export function lateBottleneck(late: number, started: number): Bottleneck | undefined {
  const share = late / Math.max(1, started);
  if (late < MIN_LATE || share < MAX_LATE) return undefined;
  const percent = share >= 0.995 ? '100' : (share * 100).toPrecision(2);
  return { cause: `${percent} % of iterations began late`, severity: share / MAX_LATE };
}

export function worseOf(all: readonly (Bottleneck | undefined)[]): Bottleneck | undefined {
  let worst: Bottleneck | undefined;
  for (const one of all) if (one && (worst === undefined || one.severity > worst.severity)) worst = one;
  return worst;
}
