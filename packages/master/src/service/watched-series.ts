import { seriesId } from '@drumline/model';
import { latencyBars, SeriesSteps, type IntervalEvent, type StepRange } from '@drumline/stats';
import type { ReadSeries } from '../store/series-messages.js';

/** Series that are kept at a time; the least recently read are forgotten. */
const MOST = 100;
/** How long seconds are kept one by one. */
const SINGLE_SECONDS = 600;

interface Watched {
  readonly steps: SeriesSteps;
  /** The first second that was counted here. */
  readonly from: number;
}

/** Series of a run without a file, from when they are first read. Others cost nothing. */
export class WatchedSeries {
  /** By the id of the series, the least recently read first. */
  private readonly watched = new Map<string, Watched>();

  take(event: IntervalEvent): void {
    if (event.type === 'reset') {
      for (const id of this.watched.keys()) this.watched.set(id, begin(event.fromSecond));
      return;
    }
    if (this.watched.size === 0) return;
    const { second, counts } = event;
    for (const one of counts.series) this.of(one.key, second)?.steps.add(second, 1, one);
    for (const window of counts.windows ?? []) this.of(window.key, second)?.steps.addWindow(second, window);
    if (event.type === 'closed' && second % SINGLE_SECONDS === 0)
      for (const { steps } of this.watched.values()) steps.compact(Math.max(0, second - SINGLE_SECONDS));
  }

  read(ids: readonly string[], range: StepRange): ReadSeries[] {
    return ids.map((id) => {
      const known = this.watched.get(id) ?? begin(range.end);
      this.watched.delete(id);
      this.watched.set(id, known);
      const [oldest] = this.watched.keys();
      if (this.watched.size > MOST) this.watched.delete(oldest!);
      const { steps, from } = known;
      return {
        id,
        knownFrom: from,
        steps: steps.steps({ ...range, from: Math.max(range.from, from) }),
        distribution: latencyBars(steps.latency()),
      };
    });
  }

  private of(key: Parameters<typeof seriesId>[0], second: number): Watched | undefined {
    const watched = this.watched.get(seriesId(key));
    return watched && second >= watched.from ? watched : undefined;
  }
}

/** Begins with a block of ten seconds, so that no window crosses it. */
function begin(second: number): Watched {
  return { steps: new SeriesSteps(), from: Math.ceil(second / 10) * 10 };
}
