import { describeReached, formatBytes, placeOf, taggedLabel } from '@drumline/model';
import type { ErrorResult, ExceptionResult, MetricResult, RunResult } from '@drumline/wire';
import { formatCount, formatNumber, formatPercent } from './format.js';
import type { Colors } from './options.js';
import { cutEnd, cutMiddle, oneLine, padEnd, padStart, widthOf, wrapAtMost } from './text.js';

const MAX_LINES = 12;
/** Maximum length of the text of a failure, lines. */
const MAX_LINES_PER_FAILURE = 6;

/** Errors of requests, the most frequent first. */
export function errorLines(
  { errors }: Pick<RunResult, 'errors'>,
  colors: Colors,
  width: number,
  most = MAX_LINES,
): string[] {
  const rows = errors.toSorted((a, b) => b.occurrences - a.occurrences);
  return listed(
    rows.map((row) => ({
      count: formatCount(row.occurrences),
      text: describeError(row),
    })),
    colors,
    width,
    most,
  );
}

/** A failure in one line: `GET /products: connection refused (for example: 10.0.0.5:8080)` */
export function describeError({ method, name, tags = {}, error, example }: ErrorResult): string {
  const own = Object.entries(tags).map(([tag, value]) => `${tag}=${value}`);
  const series = `${method} ${name}${own.length > 0 ? ` [${own.join(' ')}]` : ''}`;
  return oneLine(`${series}: ${error}${example === undefined ? '' : ` (for example: ${example})`}`);
}

/** Exceptions of the scenario's code, with the place in its source. */
export function exceptionLines(
  { exceptions }: Pick<RunResult, 'exceptions'>,
  colors: Colors,
  width: number,
  most = MAX_LINES,
): string[] {
  const rows = exceptions.toSorted((a, b) => b.occurrences - a.occurrences);
  return listed(
    rows.map((row) => {
      return { count: formatCount(row.occurrences), text: describeException(row) };
    }),
    colors,
    width,
    most,
  );
}

/** An exception in one line: `buyer/buy at shop.ts:41:27: Cannot read properties of undefined` */
export function describeException(
  exception: Pick<ExceptionResult, 'user' | 'task' | 'message' | 'place'> & { readonly stack?: string },
): string {
  const { user, task, message, stack = '', place = placeOf(stack) } = exception;
  const where = [user, task].filter((part) => part !== '').join('/');
  const head = [where, place ? `at ${place}` : ''].filter((part) => part !== '').join(' ');
  return oneLine(`${head ? `${head}: ` : ''}${message}`);
}

/** A line per check. */
export function checkLines({ checks }: Pick<RunResult, 'checks'>, colors: Colors, width: number): string[] {
  const lines = checks.map((check) => {
    const { passes, fails } = check;
    const held = formatPercent(passes, passes + fails);
    const detail =
      fails === 0 ? `${held} of ${formatCount(passes)}` : `${held}, ${formatCount(fails)} failed`;
    const mark = fails === 0 ? colors.green('✓') : colors.red('✗');
    return `${mark} ${cutMiddle(oneLine(taggedLabel(check)), width - widthOf(detail) - 4)}  ${colors.dim(detail)}`;
  });
  return limitLines(MAX_LINES * 2, lines);
}

/** A line per custom metric. */
export function metricLines({ metrics }: Pick<RunResult, 'metrics'>, width: number): string[] {
  const names = metrics.map((metric) => oneLine(taggedLabel(metric)));
  const room = Math.min(Math.max(0, ...names.map(widthOf)), Math.floor(width / 3));
  const lines = metrics.map((metric, i) =>
    cutEnd(
      `${padEnd(cutMiddle(names[i]!, room), room)}  ${padEnd(metric.kind, 7)}  ${metricValue(metric)}`,
      width,
    ),
  );
  return limitLines(MAX_LINES * 2, lines);
}

function metricValue(metric: MetricResult): string {
  switch (metric.kind) {
    case 'counter':
      return `${formatNumber(metric.sum)}  (${formatNumber(metric.rate)}/s)`;
    case 'gauge':
      return `${formatNumber(metric.last)}  (min ${formatNumber(metric.min)}, max ${formatNumber(metric.max)})`;
    case 'rate':
      return `${formatPercent(metric.hits, metric.total)}  (${formatCount(metric.hits)} of ${formatCount(metric.total)})`;
    case 'trend': {
      const { p50, p95, p99, max } = metric.values;
      const [middle, high, higher, most] = [p50, p95, p99, max].map(formatNumber);
      return `p50 ${middle}  p95 ${high}  p99 ${higher}  max ${most}`;
    }
  }
}

/** All workers in one line, what they reached of their limits, and the names of missing ones. */
export function workerLine({ workers, totals }: RunResult, colors: Colors, width: number): string[] {
  if (workers.length === 0) return [];
  const lanes = workers.reduce((sum, worker) => sum + worker.lanes, 0);
  const missing = workers.filter((worker) => worker.state === 'missing').map((worker) => oneLine(worker.id));
  const facts = [
    `${workers.length} ${workers.length === 1 ? 'worker' : 'workers'}, ${lanes} ${lanes === 1 ? 'lane' : 'lanes'}`,
    `busiest lane ${busiestLanes(workers)} CPU`,
    `${formatBytes(totals.bytesReceived)} received, ${formatBytes(totals.bytesSent)} sent`,
  ];
  const reached = describeReached(workers.map((worker) => worker.reached));
  return [
    colors.dim(cutEnd(facts.join(' · '), width)),
    ...(reached.length === 0 ? [] : [colors.dim(cutEnd(reached.join(' · '), width))]),
    ...(missing.length === 0 ? [] : [colors.red(cutEnd(`missing: ${missing.join(', ')}`, width))]),
  ];
}

/** CPU use of the busiest lane: `61%`, or per lane group `default 61%, grpc 98%`. */
function busiestLanes(workers: RunResult['workers']): string {
  const lanes = workers.flatMap(({ cpuPercent, laneGroups }) =>
    cpuPercent.lanes.map((cpu, lane) => ({ cpu, group: laneGroups?.[lane] ?? '' })),
  );
  const groups = [...new Set(lanes.map(({ group }) => group))];
  const busiest = groups.map((group) =>
    Math.max(...lanes.filter((lane) => lane.group === group).map(({ cpu }) => cpu)),
  );
  if (groups.length < 2) return `${(busiest[0] ?? 0).toFixed(0)}%`;
  return groups.map((group, index) => `${oneLine(group)} ${busiest[index]!.toFixed(0)}%`).join(', ');
}

interface Counted {
  readonly count: string;
  readonly text: string;
}

function listed(rows: readonly Counted[], colors: Colors, width: number, most = MAX_LINES): string[] {
  const room = Math.max(0, ...rows.map((row) => row.count.length));
  const lines = rows
    .slice(0, most)
    .flatMap(({ count, text }) =>
      wrapAtMost(text, width - room - 3, MAX_LINES_PER_FAILURE).map((line, i) =>
        i === 0 ? `${colors.red(`${padStart(count, room)} ×`)} ${line}` : `${' '.repeat(room + 3)}${line}`,
      ),
    );
  if (rows.length <= most) return lines;
  return [...lines, `+${formatCount(rows.length - most)} more; the report has them all`];
}

/** The first lines, and a last one with the number of omitted lines. */
export function limitLines(max: number, lines: string[]): string[] {
  if (lines.length <= max) return lines;
  return [...lines.slice(0, max), `+${formatCount(lines.length - max)} more; the report has them all`];
}
