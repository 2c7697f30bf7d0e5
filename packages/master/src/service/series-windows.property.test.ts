import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SeriesKey } from '@drumline/model';
import { encodeHistogram, Histogram, Totals } from '@drumline/stats';
import type { ListedSeries, SeriesPage, SeriesQuery } from '@drumline/wire';
import { CountedRows } from './series-rows.js';
import { SeriesWindows } from './series-windows.js';

function keyOf(number: number): SeriesKey {
  return { protocol: 'http', method: 'GET', name: `/${number}`, user: 'Buyer', tags: [] };
}

/** A run whose master may be replaced. */
class CountingRun {
  totals = new Totals();
  interval = 0;
  private rows = new CountedRows();
  private windows = new SeriesWindows();

  count(number: number, durationUs: number): void {
    const histogram = new Histogram();
    histogram.record(durationUs);
    const latency = encodeHistogram(histogram);
    const counts = { requests: 1, failures: 0, interrupted: 0, bytesSent: 1, bytesReceived: 1 };
    const series = [{ key: keyOf(number), ...counts, latency, errors: [] }];
    this.totals.add({ second: 0, series, checks: [], metrics: [], exceptions: [] });
  }

  /** Response times that follow their requests. */
  time(number: number, durationUs: number): void {
    const histogram = new Histogram();
    histogram.record(durationUs);
    const windows = [{ key: keyOf(number), fromSecond: 0, latency: encodeHistogram(histogram) }];
    this.totals.add({ second: 0, series: [], windows, checks: [], metrics: [], exceptions: [] });
  }

  reset(): void {
    this.totals = new Totals();
  }

  resume(): void {
    this.rows = new CountedRows();
    this.windows = new SeriesWindows();
  }

  page(query: SeriesQuery): SeriesPage {
    const { totals, interval } = this;
    const moment = this.rows.moment({ aggregate: { totals }, interval, seconds: interval + 1 });
    return this.windows.page(moment, query);
  }
}

/** Keeps rows as a page does. */
class Reader {
  rows: ListedSeries[] = [];
  private version: string | undefined;
  private query: SeriesQuery = { offset: 0 };

  read(run: CountingRun, query: SeriesQuery): SeriesPage {
    if (JSON.stringify(query) !== JSON.stringify(this.query)) this.version = undefined;
    this.query = query;
    const page = run.page({ ...query, ...(this.version !== undefined && { since: this.version }) });
    const { ids, version, seconds } = page.window!;
    const known = new Map([...this.rows, ...page.series].map((row) => [row.id, row]));
    this.rows = ids.map((id) => {
      const row = known.get(id)!;
      return { ...row, rate: Math.round((row.requests / seconds!) * 100) / 100 };
    });
    this.version = version;
    return page;
  }
}

const number = fc.nat(9);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('count' as const), number }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time' as const), number }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('close' as const, 'reset', 'resume'), number }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('read' as const), number: fc.nat(2) }) },
);
const query = fc.record({
  sort: fc.constantFrom('-requests', 'p95', 'name'),
  filter: fc.constantFrom('', 'requests>1', 'p95>20'),
  offset: fc.nat(3),
  limit: fc.integer({ min: 1, max: 6 }),
});

test('readers of changes see what a reader of everything sees, whatever happens in between', () => {
  fc.assert(
    fc.property(
      fc.tuple(query, query, query),
      fc.array(step, { minLength: 5, maxLength: 80 }),
      (queries, steps) => {
        const run = new CountingRun();
        const readers = queries.map(() => new Reader());
        const all = (one: SeriesQuery): ListedSeries[] => {
          const fresh = new CountingRun();
          fresh.totals = run.totals;
          fresh.interval = run.interval;
          return fresh.page(one).series;
        };
        steps.forEach(({ kind, number: which }, index) => {
          if (kind === 'count') run.count(which, index * 1_000);
          else if (kind === 'time') run.time(which, index * 2_000);
          else if (kind === 'close') run.interval += 1;
          else if (kind === 'reset') run.reset();
          else if (kind === 'resume') run.resume();
          else {
            const reader = readers[which]!;
            const page = reader.read(run, queries[which]!);
            expect(reader.rows).toEqual(all(queries[which]!));
            expect(page.window!.interval).toBe(run.interval);
          }
        });
      },
    ),
  );
});

test('an answer has only the rows that changed or entered, and figures are made once for all readers', () => {
  const run = new CountingRun();
  for (let one = 0; one < 10; one += 1) for (let times = 0; times <= one; times += 1) run.count(one, 1_000);
  const wanted = { offset: 0, limit: 3 };
  const [one, other] = [new Reader(), new Reader()];
  expect(one.read(run, wanted).series.map(({ name }) => name)).toEqual(['/9', '/8', '/7']);
  expect(one.read(run, wanted).series).toEqual([]);
  const shared = other.read(run, wanted).series;
  run.count(8, 1_000);
  for (let times = 0; times < 5; times += 1) run.count(6, 1_000);
  expect(one.read(run, wanted).series.map(({ name }) => name)).toEqual(['/6', '/8']);
  const fresh = run.page(wanted).series;
  expect(other.read(run, wanted).series.map((row) => fresh.includes(row))).toEqual([true, true]);
  expect(fresh.filter((row) => shared.includes(row)).map(({ name }) => name)).toEqual(['/9']);
  expect(fresh).toHaveLength(3);
});

test('a reader of another list, or of one that was forgotten, gets everything', () => {
  const run = new CountingRun();
  run.count(1, 1_000);
  const { version } = run.page({ offset: 0 }).window!;
  expect(run.page({ offset: 0, since: version }).series).toHaveLength(0);
  expect(run.page({ offset: 0, limit: 5, since: version }).series).toHaveLength(1);
  run.resume();
  expect(run.page({ offset: 0, since: version }).series).toHaveLength(1);
  const fresh = run.page({ offset: 0 }).window!.version;
  // Nobody can have a revision that is yet to come.
  expect(run.page({ offset: 0, since: fresh.replace(/\d+$/, '99') }).series).toHaveLength(1);
});
