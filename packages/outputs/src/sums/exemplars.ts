import { seriesId, spanIdOf, type SeriesKey } from '@drumline/model';
import type { SpanSample } from '@drumline/stats';

/** The most traced requests that are kept of a series. */
const MOST = 20;

/** A traced request, as an example of the response times of its series. */
export interface Exemplar {
  readonly traceId: string;
  readonly spanId: string;
  /** When it ended, milliseconds since 1970. */
  readonly atMs: number;
  /** Its response time. */
  readonly seconds: number;
}

/** @param startedAtMs of the run */
export function exemplarOf(span: SpanSample, startedAtMs: number): Exemplar {
  const { traceId, spanId = spanIdOf(traceId), endedAtMs, durationUs, lateMs = 0 } = span;
  const seconds = durationUs / 1e6 + lateMs / 1_000;
  return { traceId, spanId, atMs: startedAtMs + endedAtMs, seconds };
}

/** The newest traced requests of each series. */
export class TracedRequests {
  readonly #bySeries = new Map<string, SpanSample[]>();

  take(spans: readonly SpanSample[] = []): void {
    for (const span of spans) {
      if (span.isInterrupted) continue;
      const id = seriesId(span.key);
      const known = this.#bySeries.get(id);
      if (!known) this.#bySeries.set(id, [span]);
      else if (known.push(span) > MOST) known.shift();
    }
  }

  of(series: SeriesKey): readonly SpanSample[] {
    // Most runs trace nothing, and the key of a series costs time.
    return this.#bySeries.size === 0 ? [] : (this.#bySeries.get(seriesId(series)) ?? []);
  }
}
