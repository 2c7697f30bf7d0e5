import type { StatsView } from '@drumline/wire';
import picocolors from 'picocolors';
import type { ViewOptions } from './options.js';
import { connectionLines } from './summary-connections.js';
import { checkLines, errorLines, exceptionLines, metricLines } from './summary-parts.js';
import { scheduleLines } from './schedule.js';
import { seriesLines } from './summary-series.js';
import { statusFacts } from './summary-statuses.js';
import { wrap } from './text.js';

/** The statistics of a run in progress, in the format of the summary. */
export function renderStats(view: StatsView, { color, width }: ViewOptions): string {
  const { series, checks, metrics, exceptions } = view;
  if ([series, checks, metrics, exceptions].every(({ length }) => length === 0))
    return 'Nothing has been counted yet.';
  const colors = picocolors.createColors(color);
  const statuses = statusFacts(view.totals);
  const parts: [title: string, lines: string[]][] = [
    ['', seriesLines(view, colors, width)],
    ['', statuses === undefined ? [] : wrap(statuses, width)],
    ['Starts', scheduleLines(view, colors, width)],
    ['Errors', errorLines(view, colors, width)],
    ['Exceptions in the scenario', exceptionLines(view, colors, width)],
    ['Checks', checkLines(view, colors, width)],
    ['Metrics', metricLines(view, width)],
    ['', connectionLines(view, colors, width)],
  ];
  return parts
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [...(title ? [colors.bold(title)] : []), ...lines].join('\n'))
    .join('\n\n');
}
