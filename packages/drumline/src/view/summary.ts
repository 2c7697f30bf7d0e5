import {
  EXIT_CODES,
  type ExitName,
  formatDuration,
  outcomeLine,
  LOST_STARTS,
  reasonsIn,
  type Reason,
} from '@drumline/model';
import type { NoteResult, RunResult, Verdict } from '@drumline/wire';
import picocolors from 'picocolors';
import { limitLines } from './limit.js';
import { formatCount, formatRate } from './format.js';
import type { Colors, ViewOptions } from './options.js';
import { connectionLines } from './summary-connections.js';
import { outputLines } from './outputs.js';
import { lossLines } from './summary-losses.js';
import { checkLines, errorLines, exceptionLines, metricLines, workerLine } from './summary-parts.js';
import { rowLines } from './rows.js';
import { sharedLines } from './shared.js';
import { scheduleLines } from './schedule.js';
import { sampleLines } from './summary-samples.js';
import { seriesLines } from './summary-series.js';
import { statusFacts } from './summary-statuses.js';
import { oneLine, wrap } from './text.js';
import { thresholdLines } from './thresholds.js';

/** The summary of a finished run. Omits empty parts. Ends with a line break. */
export function renderSummary(result: RunResult, { color, width }: ViewOptions): string {
  const colors = picocolors.createColors(color);
  const parts: [title: string, lines: string[]][] = [
    ['', verdictLines(result, colors, width)],
    ['Thresholds', thresholdLines(result.thresholds, colors, width)],
    ['Limit', limitLines(result.limit, colors, width)],
    ['', seriesLines(result, colors, width)],
    ['Starts', scheduleLines(result, colors, width)],
    ['Rows', rowLines(result, colors, width)],
    ['Shared values', sharedLines(result, width)],
    ['Errors', errorLines(result, colors, width)],
    ['A failed request', sampleLines(result, colors, width)],
    ['Exceptions in the scenario', exceptionLines(result, colors, width)],
    ['Checks', checkLines(result, colors, width)],
    ['Metrics', metricLines(result, width)],
    ['', connectionLines(result, colors, width)],
    ['', workerLine(result, colors, width)],
    ['Losses', lossLines(result, colors, width)],
    ['Outputs', outputLines(result, colors, width)],
    ['', noteLines(otherNotes(result), colors, width)],
  ];
  const shown = parts.filter(([, lines]) => lines.length > 0);
  const blocks = shown.map(([title, lines]) => [...(title ? [colors.bold(title)] : []), ...lines].join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

const BADGES: Readonly<Record<Verdict, string>> = {
  passed: '✓ passed',
  failed: '✗ failed',
  'stopped-early': '■ stopped early',
  'nothing-measured': '✗ nothing measured',
};

function verdictLines(result: RunResult, colors: Colors, width: number): string[] {
  const { run, verdict, exit, exitCode, totals } = result;
  const { resends = 0 } = totals;
  const text = BADGES[verdict];
  const tone = verdict === 'passed' ? colors.green : verdict === 'stopped-early' ? colors.yellow : colors.red;
  const badge = tone(colors.bold(text));
  const reason = `exit ${exitCode} ${oneLine(exit)}`;
  const meaning = Object.hasOwn(EXIT_CODES, exit)
    ? `${reason}: ${EXIT_CODES[exit as ExitName].meaning}`
    : reason;
  const ending = endingOf(result);
  const target = run.target === undefined ? '' : ` against ${oneLine(run.target)}`;
  const facts = [
    `${formatCount(totals.requests)} requests`,
    formatRate(totals.rate),
    ...(totals.interrupted > 0 ? [`${formatCount(totals.interrupted)} interrupted`] : []),
    ...(resends > 0 ? [`${formatCount(resends)} resent`] : []),
  ];
  const statuses = statusFacts(totals);
  const [first = '', ...more] = wrap(
    `${oneLine(run.scenario)}${target} in ${formatDuration(run.durationMs)}`,
    width - text.length - 2,
  );
  const indented = (lines: string[]): string[] => lines.map((line) => `          ${line}`);
  return [
    `${badge}  ${first}`,
    ...indented([...more, ...wrap(facts.join(' · '), width - 10)]),
    ...indented(statuses === undefined ? [] : wrap(statuses, width - 10)),
    ...indented(wrap(sentence(outcomeLine(result)), width - 10)).map(
      verdict === 'failed' ? colors.red : plain,
    ),
    ...indented(ending.flatMap(({ message }) => wrap(oneLine(message), width - 10))).map(tone),
    ...indented(wrap(meaning, width - 10)).map(colors.dim),
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${oneLine(text).slice(1)}.`;
}

function plain(text: string): string {
  return text;
}

/** All notes except the one about the end of the run, which the verdict already shows. */
function otherNotes(result: RunResult): NoteResult[] {
  const shown = endingOf(result).map(({ message }) => message);
  return result.notes.filter(({ message }) => !shown.includes(message));
}

/** Exit codes that the counts and the thresholds explain. */
const COUNTED = new Set(['passed', 'requests-failed', 'thresholds-failed']);

/** How the run ended, unless the counts already show it, and which starts were lost. */
function endingOf(result: RunResult): readonly Reason[] {
  const isCounted = COUNTED.has(result.exit);
  return reasonsIn(result).filter(({ code }, index) => code === LOST_STARTS || (index === 0 && !isCounted));
}

function noteLines(notes: readonly NoteResult[], colors: Colors, width: number): string[] {
  return notes.flatMap(({ message }) =>
    wrap(oneLine(message), width - 2).map((line, i) => colors.yellow(`${i === 0 ? '⚠' : ' '} ${line}`)),
  );
}
