import type { TimedSeries } from '@drumline/client';
import { RATE, TIMES } from './lines.js';
import type { ChartModel, Marks } from './model.js';

/**
 * The charts of one series: rate and response time.
 * @param stepSeconds of the points of the run, in which the marks are
 */
export function seriesCharts({ points }: TimedSeries, marks: Marks, stepSeconds: number): ChartModel[] {
  const at = points.map(({ second }) => second);
  const time = (read: (point: TimedSeries['points'][number]) => number): (number | null)[] =>
    points.map((point) => (point.p99Ms > 0 ? read(point) : null));
  return [
    {
      id: 'series-rate',
      title: 'Requests per second',
      label: 'Requests and failures of the series',
      lines: RATE,
      data: [
        at,
        points.map(({ requests, seconds }) => requests / seconds),
        points.map(({ failures, seconds }) => failures / seconds),
      ],
      marks: { ...marks, limits: [] },
      stepSeconds,
    },
    {
      id: 'series-latency',
      title: 'Response time',
      label: 'Quantiles of the response times of the series',
      lines: TIMES,
      data: [at, time((p) => p.p50Ms), time((p) => p.p95Ms), time((p) => p.p99Ms)],
      marks,
      stepSeconds,
      band: { from: 1, to: 3, tone: 'violet' },
    },
  ];
}
