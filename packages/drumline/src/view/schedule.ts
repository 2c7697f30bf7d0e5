import type { RunResult, ScheduleResult, StartCounts } from '@drumline/wire';
import { formatCount, formatPercent } from './format.js';
import type { Colors } from './options.js';
import { cutEnd, cutMiddle, oneLine, padEnd, padStart, widthOf } from './text.js';

/** The sum of the starts of all user types and phases. */
export function sumOfStarts(schedule: readonly ScheduleResult[]): StartCounts {
  return schedule.reduce(
    (sum, { started, late, dropped, skipped }) => ({
      started: sum.started + started,
      late: sum.late + late,
      dropped: sum.dropped + dropped,
      skipped: sum.skipped + skipped,
    }),
    { started: 0, late: 0, dropped: 0, skipped: 0 },
  );
}

/** A line for the starts of each user type and phase: what was started, late, dropped, skipped. */
export function scheduleLines(
  { schedule = [] }: Pick<RunResult, 'schedule'>,
  colors: Colors,
  width: number,
): string[] {
  const names = schedule.map(({ user, phase }) => oneLine(phase === '' ? user : `${phase} · ${user}`));
  const room = Math.min(Math.max(0, ...names.map(widthOf)), Math.floor(width / 3));
  const counts = schedule.map(({ started }) => formatCount(started));
  const digits = Math.max(0, ...counts.map(widthOf));
  return schedule.map(({ started, late, dropped, skipped }, index) => {
    const due = started + dropped + skipped;
    const facts = [
      ...(dropped > 0 ? [`${formatCount(dropped)} dropped (${formatPercent(dropped, due)})`] : []),
      ...(late > 0 ? [`${formatCount(late)} late (${formatPercent(late, started)})`] : []),
      ...(skipped > 0 ? [`${formatCount(skipped)} skipped`] : []),
    ];
    const mark = dropped > 0 ? colors.red('✗') : late > 0 ? colors.yellow('!') : colors.green('✓');
    const name = padEnd(cutMiddle(names[index]!, room), room);
    const text = [`${padStart(counts[index]!, digits)} started`, ...facts].join(', ');
    return `${mark} ${name}  ${cutEnd(text, width - room - 4)}`;
  });
}
