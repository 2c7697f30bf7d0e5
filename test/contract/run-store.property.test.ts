// The totals equal those in memory for any commits in any grouping, even if the file is closed or
// its writer killed at any point. Checkpoints of all sizes occur.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  encodeHistogram,
  Histogram,
  mergeDeltas,
  roundHistogram,
  Totals,
  Timeline,
  type IntervalDelta,
} from '@drumline/stats';
import type { StoreChange, StoredState } from '@drumline/master/store';
import { timelinePointOf } from '../../packages/master/dist/intervals/stored-counts.js';
import { StoredKeys, storedRow, readKeys } from '../../packages/master/dist/store/interval-rows.js';
import { stateOf } from '../../packages/master/dist/store/open.js';
import { loadSqlite } from '../../packages/master/dist/store/sqlite.js';
import { makeOlder } from '../support/older-run-file.js';
import { storedRun } from '../support/stored-run.js';
import { RunFile } from '../../packages/master/dist/store/run-file.js';

const LAST_SECOND = 9;

const series = fc
  .record({
    name: fc.constantFrom('/a', '/b', '/c'),
    durations: fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 5 }),
    failures: fc.nat(1),
    status: fc.constantFrom(200, 404, 0, 14),
  })
  .map(({ name, durations, failures, status }): IntervalDelta['series'][number] => {
    const latency = new Histogram();
    for (const us of durations) latency.record(us);
    return {
      key: { protocol: 'http', method: 'GET', name, user: 'Buyer', tags: [] },
      requests: durations.length,
      failures,
      interrupted: 0,
      bytesSent: 7,
      bytesReceived: 2 ** 40,
      latency: encodeHistogram(latency),
      statuses: [[status, durations.length]],
      errors:
        failures > 0 ? [{ error: 'status 500', occurrences: 1, firstSeenAtMs: 5, lastSeenAtMs: 6 }] : [],
    };
  });

const delta: fc.Arbitrary<IntervalDelta> = fc.record({
  second: fc.nat(LAST_SECOND),
  series: fc.uniqueArray(series, { maxLength: 3, selector: ({ key }) => key.name }),
  checks: fc.array(fc.record({ name: fc.constantFrom('x', 'y'), passes: fc.nat(9), fails: fc.nat(9) }), {
    maxLength: 2,
  }),
  metrics: fc.array(
    fc.record({ kind: fc.constant('counter' as const), name: fc.constantFrom('k', 'l'), sum: fc.nat(99) }),
    { maxLength: 2 },
  ),
  exceptions: fc.constant([]),
});

const change: fc.Arbitrary<StoreChange> = fc.record(
  {
    deltas: fc.array(delta, { maxLength: 4 }),
    users: fc.array(fc.tuple(fc.nat(LAST_SECOND), fc.nat(99)), { maxLength: 2 }),
    reset: fc.boolean(),
  },
  { requiredKeys: [] },
);

const step = fc.oneof(
  { arbitrary: fc.record({ group: fc.array(change, { minLength: 1, maxLength: 4 }) }), weight: 6 },
  { arbitrary: fc.constant('closed' as const), weight: 1 },
  { arbitrary: fc.constant('killed' as const), weight: 1 },
);

const terms = fc.record({
  lagSeconds: fc.nat(3),
  everySeconds: fc.integer({ min: 1, max: 4 }),
  atMostSeconds: fc.integer({ min: 1, max: 8 }),
  budgetMs: fc.constantFrom(0.01, 1_000),
  tierSeconds: fc.integer({ min: 1, max: 4 }),
});

/** A file that an earlier version wrote, or a new one. */
const origin = fc.record({
  version: fc.constantFrom(undefined, 1 as const, 2 as const),
  deltas: fc.array(delta, { maxLength: 6 }),
});

/** A run store in memory, for comparison. */
class Memory {
  totals = new Totals();
  timeline = new Timeline();
  users = new Map<number, number>();

  /** The state that another master reads. */
  static of({ history, deltas, users }: StoredState): Memory {
    const memory = new Memory();
    for (const one of history?.totals ?? []) memory.totals.add(one);
    memory.timeline.restore((history?.points ?? []).map(timelinePointOf));
    for (const point of history?.points ?? []) memory.users.set(point.second, point.users);
    memory.apply({ deltas: [...deltas], users });
    return memory;
  }

  apply({ reset, deltas = [], users = [] }: StoreChange): void {
    if (reset) {
      this.totals = new Totals();
      this.timeline = new Timeline();
    }
    for (const one of deltas) {
      this.totals.add(one);
      this.timeline.add(one);
    }
    for (const [second, count] of users) this.users.set(second, count);
  }

  /** All series, with their response times rounded as in `tiers`. */
  get series(): object {
    return roundedSeries([this.totals.delta(0)]);
  }

  get figures(): object {
    const users = Array.from({ length: LAST_SECOND + 1 }, (_, second) => this.users.get(second) ?? 0);
    return { ...this.totals.snapshot(), timeline: this.timeline.points(0, LAST_SECOND), users };
  }
}

/** Copies the files as a killed process leaves them. */
function copyOf(path: string, to: string): string {
  for (const part of ['', '-wal']) if (existsSync(path + part)) copyFileSync(path + part, to + part);
  return to;
}

test('a run that is read or resumed has the committed totals, timeline and users', () => {
  const directory = mkdtempSync(join(tmpdir(), 'drumline-test-'));
  let files = 0;
  const fresh = (): string => join(directory, `${files++}.db`);
  try {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), terms, origin, (steps, when, origin) => {
        const memory = new Memory();
        let file = RunFile.create(fresh(), storedRun(), when);
        const { version, deltas } = origin;
        memory.apply({ deltas });
        file.apply(deltas.map((one) => ({ deltas: [one] })));
        if (version !== undefined) {
          file.close();
          makeOlder(file.path, version, deltas);
          file = RunFile.open(file.path, when);
        }
        let resumed = Memory.of(stateOf(file.contents()));
        for (const what of steps) {
          if (what === 'closed' || what === 'killed') {
            const path = what === 'killed' ? copyOf(file.path, fresh()) : file.path;
            file.close();
            file = RunFile.open(path, when);
            resumed = Memory.of(stateOf(file.contents()));
          } else {
            for (const one of what.group) memory.apply(one);
            for (const one of what.group) resumed.apply(one);
            resumed.timeline.correct(file.apply(what.group));
          }
        }
        const back = Memory.of(stateOf(file.contents()));
        const { requests, failures } = file.summary();
        file.close();
        if (version === undefined) expect(seriesIn(file.path)).toEqual(memory.series);
        expect(back.figures).toEqual(memory.figures);
        expect(resumed.figures).toEqual(memory.figures);
        expect({ requests, failures }).toMatchObject(sumsOf(memory));
      }),
      { numRuns: 48 },
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** All series in a file: those of the tiers, and those of the seconds that are in no tier. */
function seriesIn(path: string): object {
  const db = new (loadSqlite().Database)(path);
  db.exec('PRAGMA locking_mode=EXCLUSIVE');
  const keys = new StoredKeys(readKeys(db));
  const until = Number(db.get('SELECT until FROM checkpoint')?.['until'] ?? 0);
  const rows = [
    ...db.all('SELECT *, 1 AS encoding FROM tiers WHERE start < ?', until),
    ...db.all('SELECT * FROM intervals WHERE second >= ?', until),
  ];
  db.close();
  return roundedSeries(rows.map((row) => keys.deltaOf(storedRow(row))));
}

function roundedSeries(deltas: readonly IntervalDelta[]): object {
  const [sum] = mergeDeltas(deltas.map((one) => ({ ...one, second: 0 })));
  const series = (sum?.series ?? []).map((one) => ({ ...one, latency: roundHistogram(one.latency) }));
  return Object.fromEntries(series.map((one) => [one.key.name, one]));
}

function sumsOf(memory: Memory): { requests: number; failures: number } {
  const { requests, failures } = memory.totals.snapshot().totals;
  return { requests, failures };
}
