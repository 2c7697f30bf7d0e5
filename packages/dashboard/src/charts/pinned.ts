import type { SeriesPoint, TimedSeries } from '@drumline/client';
import { formatMs, formatRate } from '../format.js';
import type { ChartModel, Line } from './model.js';

const TONES = ['pin-1', 'pin-2', 'pin-3', 'pin-4', 'pin-5'] as const;

/** What a pinned series adds to a chart of the run. */
const ADDED: Readonly<
  Record<string, Pick<Line, 'format'> & { prefix: string; read: (point: SeriesPoint) => number | null }>
> = {
  rate: { prefix: '', format: formatRate, read: ({ requests, seconds }) => requests / seconds },
  latency: { prefix: 'p95 ', format: formatMs, read: ({ p95Ms }) => (p95Ms > 0 ? p95Ms : null) },
};

/** A chart of the run with the lines of pinned series. */
export function withPinned(model: ChartModel, pinned: readonly TimedSeries[]): ChartModel {
  const added = ADDED[model.id];
  if (!added || pinned.length === 0) return model;
  const { prefix, format, read } = added;
  const [at, ...columns] = model.data;
  const lines = pinned.map(({ series }, index) => {
    return { label: `${prefix}${series.method} ${series.name}`, tone: TONES[index % TONES.length]!, format };
  });
  return {
    ...model,
    lines: [...model.lines, ...lines],
    data: [at, ...columns, ...pinned.map(({ points }) => spread(points, at, read))],
  };
}

/** The value of the point that each second is in; null where there is none. */
function spread(
  points: readonly SeriesPoint[],
  at: readonly number[],
  read: (point: SeriesPoint) => number | null,
): (number | null)[] {
  let index = 0;
  return at.map((second) => {
    while (index < points.length && points[index]!.second + points[index]!.seconds <= second) index += 1;
    const point = points[index];
    return point && point.second <= second ? read(point) : null;
  });
}
