import { formatCount } from '@drumline/model';
import type { AnnotationView, TimelinePoint } from '@drumline/client';
import { formatRate } from '../format.js';
import type { Planned, RunTimeline } from '../run/timeline.js';
import { RATE, TIMES } from './lines.js';
import type { ChartModel, Columns, Line, Marks } from './model.js';

const USERS: readonly Line[] = [
  { label: 'Users', tone: 'blue', format: formatCount, isFilled: true, isStepped: true },
  { label: 'Planned', tone: 'teal', format: formatCount, isDashed: true, isStepped: true },
];
const STARTS: readonly Line[] = [
  { label: 'Started', tone: 'blue', format: formatRate },
  { label: 'Planned', tone: 'teal', format: formatRate, isDashed: true },
  { label: 'Late', tone: 'amber', format: formatRate },
  { label: 'Dropped', tone: 'red', format: formatRate },
];
const FAILURES: readonly Line[] = [
  { label: 'Requests', tone: 'red', format: formatRate },
  { label: 'Checks', tone: 'amber', format: formatRate },
  { label: 'Exceptions', tone: 'violet', format: formatRate },
];

/** What the charts of a run show. */
interface Drawn {
  readonly timeline: RunTimeline;
  readonly planned: ReadonlyMap<number, Planned>;
  readonly annotations: readonly AnnotationView[];
  readonly limits: Marks['limits'];
  /** Limits of the rate of requests. */
  readonly rateLimits: Marks['limits'];
  /** Whether the last second is not complete. */
  readonly isLastPartial: boolean;
}

/** The charts of a run: rate, response time, users, starts if the load has a rate, failures. */
export function chartsOf({
  timeline,
  planned,
  annotations,
  limits,
  rateLimits,
  isLastPartial,
}: Drawn): ChartModel[] {
  const at = timeline.seconds();
  const { stepSeconds } = timeline;
  const start = timeline.startMs ?? 0;
  const untrusted = timeline.untrusted().map(({ second }) => second);
  const marks: Marks = {
    shaded: isLastPartial ? [...untrusted, at.at(-1)!] : untrusted,
    annotations: annotations.map((one) => ({ at: (Date.parse(one.at) - start) / 1_000, text: one.text })),
    limits: [],
  };
  const rate = (count: (point: TimelinePoint) => number | undefined): (number | null)[] =>
    timeline.column((point) => (count(point) ?? 0) / stepSeconds);
  const time = (read: (point: TimelinePoint) => number): (number | null)[] =>
    timeline.column((point) => (point.p99Ms > 0 ? read(point) : null));
  const plans = timeline.plans().map((stored, index) => stored ?? planned.get(at[index]!));
  const plan = (read: (planned: Planned) => number | undefined): (number | null)[] =>
    plans.map((one) => (one ? (read(one) ?? null) : null));
  const chart = (
    id: string,
    title: string,
    label: string,
    lines: readonly Line[],
    columns: readonly (readonly (number | null)[])[],
    more: Partial<ChartModel> = {},
  ): ChartModel => ({ id, title, label, marks, stepSeconds, ...withData(lines, [at, ...columns]), ...more });
  const failures = [rate((p) => p.failures), rate((p) => p.failedChecks), rate((p) => p.exceptions)];
  const hasStarts = timeline.column((point) => (point.starts ? 1 : null)).includes(1);
  return [
    chart(
      'rate',
      'Requests per second',
      'Requests and failures in each second',
      RATE,
      [rate((p) => p.requests), failures[0]!],
      { marks: { ...marks, limits: rateLimits } },
    ),
    chart(
      'latency',
      'Response time',
      'Quantiles of the response times in each second',
      TIMES,
      [time((p) => p.p50Ms), time((p) => p.p95Ms), time((p) => p.p99Ms)],
      {
        marks: { ...marks, limits },
        band: { from: 1, to: 3, tone: 'violet' },
        heatMap: { stepSeconds, columns: timeline.bands() },
      },
    ),
    chart('users', 'Users', 'Running and planned users in each second', USERS, [
      timeline.column((p) => p.users),
      plan(({ users }) => users),
    ]),
    ...(hasStarts
      ? [
          chart('starts', 'Starts per second', 'Arrivals and iterations in each second', STARTS, [
            rate((p) => p.starts?.started),
            plan((one) => one.rate),
            rate((p) => p.starts?.late),
            rate((p) => p.starts?.dropped),
          ]),
        ]
      : []),
    ...(failures.some(hasAny)
      ? [
          chart(
            'failures',
            'Failures per second',
            'Failed requests, failed checks and exceptions in each second',
            FAILURES,
            failures,
          ),
        ]
      : []),
  ];
}

/** The lines with their columns. A line that is all zero or unknown is left out, but the first. */
function withData(lines: readonly Line[], [at, ...columns]: Columns): Pick<ChartModel, 'lines' | 'data'> {
  const kept = lines.map((_, index) => index === 0 || hasAny(columns[index]!));
  return {
    lines: lines.filter((_, index) => kept[index]),
    data: [at, ...columns.filter((_, index) => kept[index])],
  };
}

function hasAny(column: readonly (number | null)[]): boolean {
  return column.some((value) => value !== null && value > 0);
}
