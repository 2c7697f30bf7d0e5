import type { RunReads } from './run-source.js';
import type { SeriesPoint, TimedSeries } from '@drumline/client';

/** The most points that are asked for. */
const POINTS = 600;
/** With more points than this, all are asked for again: the master merges seconds. */
const MOST_POINTS = 1_200;

type ReadTimelines = RunReads['seriesTimelines'];

/** Some series over the time of a run. Each call reads only what is new. */
export class SeriesHistory {
  private known: readonly TimedSeries[] = [];

  constructor(
    private readonly read: ReadTimelines,
    private readonly ids: readonly string[],
  ) {}

  /** In the order of their ids. Unknown ones are left out. */
  async next(): Promise<readonly TimedSeries[]> {
    if (this.ids.length === 0) return [];
    const from = this.from();
    const query = { filter: `id:${this.ids.join('|')}`, limit: this.ids.length, points: POINTS, from };
    const { timelines } = await this.read(query);
    const before = new Map(this.known.map((one) => [one.series.id, one]));
    const ordered = this.ids.flatMap((id) => timelines.find(({ series }) => series.id === id) ?? []);
    this.known = ordered.map((one) => {
      const old = before.get(one.series.id);
      return from === 0 || !old ? one : { ...one, points: joined(old.points, one.points) };
    });
    // After a reset, or if a series is new, the past is not what was known.
    if (from > 0 && ordered.some((one) => isNew(before.get(one.series.id), one))) {
      this.known = [];
      return await this.next();
    }
    return this.known;
  }

  /** The last known second of all series; 0 to read all. */
  private from(): number {
    if (this.known.length === 0 || this.known.some(({ points }) => points.length > MOST_POINTS)) return 0;
    return Math.min(...this.known.map(({ points }) => points.at(-1)?.second ?? 0));
  }
}

function isNew(before: TimedSeries | undefined, { series }: TimedSeries): boolean {
  return before === undefined || series.requests < before.series.requests;
}

/** Replaces what is known from the first fresh point on. */
export function joined(known: readonly SeriesPoint[], fresh: readonly SeriesPoint[]): SeriesPoint[] {
  const [first] = fresh;
  if (first === undefined) return [...known];
  return [...known.filter(({ second, seconds }) => second + seconds <= first.second), ...fresh];
}
