import { seriesId } from '@drumline/model';
import { latencyBars, SeriesSteps } from '@drumline/stats';
import type { ReadSeries, SeriesOrder } from './series-messages.js';
import { readSnapshot } from './snapshot.js';

/** Files whose series are kept, and series of each; the least recently used are forgotten. */
const KEPT_FILES = 4;
const KEPT_SERIES = 30;

interface Kept {
  readonly steps: SeriesSteps;
  /** Seconds before this one are known. */
  known: number;
}

interface KeptFile {
  readonly series: Map<string, Kept>;
  /** Earlier seconds were in blocks. */
  until: number;
}

/**
 * Reads series of run files, and keeps what it has read. So the next time, it reads only what is
 * new.
 */
export class SeriesCache {
  private readonly files = new Map<string, KeptFile>();

  /** @throws DrumlineError `usage` if the file cannot be read */
  read(order: SeriesOrder): ReadSeries[] {
    const { path, isFinal, ids, changedFrom, range } = order;
    const name = `${path} ${isFinal}`;
    const file = used(this.files, name, KEPT_FILES, () => ({ series: new Map(), until: 0 }));
    for (const kept of file.series.values()) kept.known = Math.min(kept.known, changedFrom);
    const most = Math.max(KEPT_SERIES, ids.length);
    const wanted = ids.map((id) =>
      used(file.series, id, most, () => ({ steps: new SeriesSteps(), known: 0 })),
    );
    try {
      refresh(path, file, new Set(ids), range.end);
    } catch (error) {
      this.files.delete(name);
      throw error;
    }
    for (const id of [...file.series.keys()].slice(0, -KEPT_SERIES)) file.series.delete(id);
    return wanted.map(({ steps }, index) => {
      return {
        id: ids[index]!,
        knownFrom: 0,
        steps: steps.steps(range),
        distribution: latencyBars(steps.latency()),
      };
    });
  }
}

/** Reads what has changed. What was read as seconds is read again once it is in blocks. */
function refresh(path: string, file: KeptFile, ids: ReadonlySet<string>, end: number): void {
  const wanted = [...ids].map((id) => file.series.get(id)!);
  const known = Math.min(...wanted.map((kept) => kept.known));
  if (known >= end) return;
  const from = blockOf(Math.min(known, file.until));
  file.until = readSnapshot(path, (stored) => {
    const { until, steps } = stored.series(ids, from);
    for (const kept of wanted) kept.steps.cut(from);
    for (const { second, seconds, series, windows } of steps) {
      for (const counts of series) file.series.get(seriesId(counts.key))!.steps.add(second, seconds, counts);
      for (const window of windows) file.series.get(seriesId(window.key))!.steps.addWindow(second, window);
    }
    return until;
  });
  for (const kept of wanted) kept.known = end;
}

/** @returns the value of a key, which is now the most recently used one */
function used<V>(map: Map<string, V>, key: string, most: number, create: () => V): V {
  const value = map.get(key) ?? create();
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most) map.delete(oldest!);
  return value;
}

function blockOf(second: number): number {
  return second - (second % 10);
}
