import type { LossResult, RunResult } from '@drumline/wire';
import { formatCount } from './format.js';
import type { Colors } from './options.js';
import { limitLines } from './summary-parts.js';
import { cutEnd, oneLine } from './text.js';

const MAX_LINES = 12;

/** A line per lost worker or lane. It is highlighted if requests are uncounted, or starts lost. */
export function lossLines(
  { losses = [] }: Pick<RunResult, 'losses'>,
  colors: Colors,
  width: number,
): string[] {
  const lines = losses.map((loss) => {
    const line = cutEnd(oneLine(describe(loss)), width - 2);
    return loss.uncountedFrom === undefined && loss.startsAtMost === undefined
      ? colors.dim(`  ${line}`)
      : `${colors.red('✗')} ${line}`;
  });
  return limitLines(MAX_LINES, lines);
}

function describe(loss: LossResult): string {
  const { worker, lane, host, at, reason, returned } = loss;
  const source = lane === undefined ? `${worker} (${host})` : `${worker}/${lane}`;
  const back = returned ? ', came back' : '';
  return `${source} at ${timeOf(at)}${back}: ${uncounted(loss)}${startsOf(loss)} – ${reason}`;
}

function uncounted({ uncountedFrom, uncountedAtMost, uncountedLikely, uncountedBy }: LossResult): string {
  if (uncountedFrom === undefined) return 'everything is counted';
  const likely =
    uncountedLikely === undefined || uncountedBy === 'capacity'
      ? ''
      : `likely ${formatCount(uncountedLikely)}, `;
  const most =
    uncountedAtMost === undefined ? 'requests' : `at most ${formatCount(uncountedAtMost)} requests`;
  return `${likely}${most} from ${timeOf(uncountedFrom)} on are not counted`;
}

/** Starts that were due on it, of a load with a rate. */
function startsOf({ startsAtMost = 0 }: LossResult): string {
  if (startsAtMost === 0) return '';
  return `; up to ${formatCount(startsAtMost)} ${startsAtMost === 1 ? 'start' : 'starts'} missing or doubled`;
}

/** The time of day, UTC. */
function timeOf(instant: string): string {
  return /T(\d\d:\d\d:\d\d)/.exec(instant)?.[1] ?? instant;
}
