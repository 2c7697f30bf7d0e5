import {
  describeLimit,
  describeStatuses,
  formatCount,
  formatDuration,
  formatLoadRate,
  formatMs,
  formatShare,
  formatThresholdValue,
  outcomeLine,
  reasonsIn,
} from '@drumline/model';
import type { RunResult, TotalsResult } from '@drumline/wire';
import type { Comparison } from '../compare/comparison.js';
import { formatChange, formatValue } from '../compare/text.js';
import { testCasesOf } from './test-cases.js';

/** Rows of a table; the HTML report has all of them. */
const MOST_ROWS = 50;
const MOST_ERRORS = 10;

const BADGES: Readonly<Record<string, string>> = {
  passed: '✅ passed',
  failed: '❌ failed',
  'stopped-early': '🟨 stopped early',
  'nothing-measured': '❌ nothing measured',
};
const SIGNS = { passed: '✅', failed: '❌', unknown: '❔' } as const;

/** Renders the verdict and the figures of a run as GitHub Flavored Markdown. */
export function renderSummaryMarkdown(result: RunResult, comparison?: Comparison): string {
  const { run, verdict, totals } = result;
  const target = run.target === undefined ? '' : ` against ${escape(run.target)}`;
  const sections = [
    `## ${BADGES[verdict] ?? verdict}: ${escape(run.scenario)}`,
    `${escape(outcomeLine(result))}${target}, in ${formatDuration(run.durationMs)}.`,
    reasonsIn(result)
      .map(({ message }) => `- ${escape(message)}`)
      .join('\n'),
    limitTable(result),
    caseTable(result, comparison),
    seriesTable(result),
    statusLine(totals),
    errorTable(result),
    comparison ? changeTable(comparison) : '',
    result.notes.map(({ message }) => `> ⚠️ ${escape(message)}`).join('\n>\n'),
    `<sub>Run ${run.id} · ${run.startedAt} · ${formatCount(totals.requests)} requests · Drumline ${run.drumline}</sub>`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function caseTable(result: RunResult, comparison: Comparison | undefined): string {
  const rows = testCasesOf(result, comparison)
    .filter(({ group }) => group !== 'run' && group !== 'limit')
    .map(({ outcome, name, summary }) => [SIGNS[outcome], escape(name), escape(summary)]);
  return table(['', 'Threshold or check', 'Found'], rows, 'more');
}

/** The answer of a search for a limit, with a row for each step. */
function limitTable({ limit }: RunResult): string {
  if (!limit) return '';
  const conditions = limit.steps[0]?.observed ?? [];
  const rows = limit.steps.map(({ passed, untrusted, perSecond, observed }) => [
    passed ? '✅' : untrusted ? '❔' : '❌',
    formatLoadRate(perSecond),
    ...observed.map((one) =>
      one.observed === null ? 'no data' : formatThresholdValue(one.observed, one.unit),
    ),
    escape(untrusted?.message ?? ''),
  ]);
  const titles = ['', 'Rate', ...conditions.map(({ expression }) => escape(expression)), ''];
  return [`### ${escape(describeLimit(limit))}`, table(titles, rows, 'more')].join('\n\n').trim();
}

function seriesTable({ series, totals }: RunResult): string {
  const busiest = series.toSorted((a, b) => b.requests - a.requests);
  const rows = busiest.map((one) => [escape(`${one.method} ${one.name}`.trim()), ...figures(one)]);
  if (rows.length === 0) return '';
  const all = ['**All requests**', ...figures(totals)];
  return table(
    ['Request', 'Requests', 'Failures', 'Rate', 'p50', 'p95', 'p99', 'Max'],
    [all, ...rows],
    'more with fewer requests',
    1,
  );
}

function figures({ requests, failures, interrupted, rate, latencyMs }: TotalsResult): string[] {
  const { p50, p95, p99, max } = latencyMs;
  return [
    formatCount(requests),
    failures === 0 ? '0' : `${formatCount(failures)} (${formatShare(failures, requests)})`,
    formatValue('rate', rate),
    ...[p50, p95, p99, max].map((ms) => (requests > interrupted ? formatMs(ms) : '–')),
  ];
}

function statusLine({ statuses }: TotalsResult): string {
  const text = describeStatuses(statuses);
  return text === undefined ? '' : `Responses by status: ${escape(text)}`;
}

function errorTable({ errors }: RunResult): string {
  const rows = errors
    .toSorted((a, b) => b.occurrences - a.occurrences)
    .slice(0, MOST_ERRORS)
    .map(({ method, name, error, occurrences }) => [
      formatCount(occurrences),
      escape(`${method} ${name}`.trim()),
      escape(error),
    ]);
  return table(['Failures', 'Request', 'Error'], rows, 'more', 0);
}

function changeTable({ verdict, baseline, totals, statuses = [], remarks }: Comparison): string {
  const labels = Object.entries(baseline.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  const head = `### Compared with ${[baseline.id.slice(0, 8), ...labels].map(escape).join(', ')}: ${verdict.replace('-', ' ')}`;
  const rows = totals.statistics.map(({ name, before, after, change, low, high, verdict: one }) => [
    name,
    formatValue(name, before),
    formatValue(name, after),
    formatChange(name, change),
    `${formatChange(name, low)} to ${formatChange(name, high)}`,
    name === 'mean' || name === 'rate' ? '' : one.replace('-', ' '),
  ]);
  const notes = remarks.map(({ message }) => `> ⚠️ ${escape(message)}`).join('\n>\n');
  const shares = statuses.map(({ status, requests, before, after, change, low, high, verdict: one }) => [
    status,
    `${formatValue('error rate', before)} (${formatCount(requests.before)})`,
    `${formatValue('error rate', after)} (${formatCount(requests.after)})`,
    formatChange('error rate', change),
    `${formatChange('error rate', low)} to ${formatChange('error rate', high)}`,
    one.replace('-', ' '),
  ]);
  const ofStatuses =
    shares.length > 1 ? table(['Status', 'Baseline', 'New', 'Change', 'Interval', ''], shares, 'more') : '';
  return [head, table(['', 'Baseline', 'New', 'Change', 'Interval', ''], rows, 'more'), ofStatuses, notes]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** @param right columns from this one on are aligned to the right; undefined for none */
function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  more: string,
  right = Infinity,
): string {
  if (rows.length === 0) return '';
  const left = rows.length - MOST_ROWS;
  const lines = [
    titles,
    titles.map((_, column) => (column >= right ? '---:' : '---')),
    ...rows.slice(0, MOST_ROWS),
  ].map((cells) => `| ${cells.join(' | ')} |`);
  return [...lines, ...(left > 0 ? ['', `and ${formatCount(left)} ${more}`] : [])].join('\n');
}

/** Text that Markdown shows as it is. Names and errors may come from the target. */
function escape(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]#|~]/g, String.raw`\$&`)
    .replace(/[&<>@]/g, (char) => `&#${char.codePointAt(0)};`);
}
