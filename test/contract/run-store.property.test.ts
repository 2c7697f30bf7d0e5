// Whatever is committed, however it is grouped, and wherever the file is closed or its writer killed: the totals are those of memory.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeHistogram, Histogram, Totals, Timeline, type IntervalDelta } from '@drumline/stats';
import type { StoreChange } from '@drumline/master/store';
import { storedRun } from '../support/stored-run.js';
import { decodeDelta } from '../../packages/wire/dist/stored.js';
import { RunFile } from '../../packages/master/dist/store/run-file.js';

const series = fc
  .record({
    name: fc.constantFrom('/a', '/b', '/c'),
    durations: fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 5 }),
    failures: fc.nat(1),
  })
  .map(({ name, durations, failures }): IntervalDelta['series'][number] => {
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
      errors:
        failures > 0 ? [{ error: 'status 500', occurrences: 1, firstSeenAtMs: 5, lastSeenAtMs: 6 }] : [],
    };
  });

const delta: fc.Arbitrary<IntervalDelta> = fc.record({
  second: fc.nat(6),
  series: fc.array(series, { maxLength: 3 }),
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
    users: fc.array(fc.tuple(fc.nat(6), fc.nat(99)), { maxLength: 2 }),
    reset: fc.boolean(),
  },
  { requiredKeys: [] },
);

const step = fc.oneof(
  { arbitrary: fc.record({ group: fc.array(change, { minLength: 1, maxLength: 4 }) }), weight: 6 },
  { arbitrary: fc.constant('closed' as const), weight: 1 },
  { arbitrary: fc.constant('killed' as const), weight: 1 },
);

/** The same in memory. */
class Memory {
  totals = new Totals();
  timeline = new Timeline();
  users = new Map<number, number>();

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
}

function readBack(file: RunFile): Memory {
  const { deltas, users } = file.contents();
  const memory = new Memory();
  memory.apply({ deltas: deltas.map(decodeDelta), users });
  return memory;
}

/** What a killed process leaves is what is in its files at that instant. */
function copyOf(path: string, to: string): string {
  for (const part of ['', '-wal']) if (existsSync(path + part)) copyFileSync(path + part, to + part);
  return to;
}

test('a run read back has the totals, the timeline and the users of what was committed', () => {
  const directory = mkdtempSync(join(tmpdir(), 'drumline-test-'));
  let files = 0;
  const fresh = (): string => join(directory, `${files++}.db`);
  try {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const memory = new Memory();
        let file = RunFile.create(fresh(), storedRun());
        for (const what of steps) {
          if (what === 'closed') {
            file.close();
            file = RunFile.open(file.path);
          } else if (what === 'killed') {
            const left = copyOf(file.path, fresh());
            file.close();
            file = RunFile.open(left);
          } else {
            for (const one of what.group) memory.apply(one);
            file.apply(what.group);
          }
        }
        const back = readBack(file);
        file.close();
        expect(back.totals.snapshot()).toEqual(memory.totals.snapshot());
        expect(back.timeline.points()).toEqual(memory.timeline.points());
        expect(back.users).toEqual(memory.users);
      }),
      { numRuns: 30 },
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
