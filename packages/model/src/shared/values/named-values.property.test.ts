import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NamedValues, RowLeases, SharedState, type SharedOp } from '../index.js';
import {
  MAX_SHARED_CHARACTERS,
  MAX_SHARED_ENTRIES,
  MAX_SHARED_NAMES,
  type CounterOp,
  type MapOp,
  type QueueOp,
} from './value-ops.js';

type ValueOp = CounterOp | QueueOp | MapOp;

/** What the values should be, as plainly as possible. */
class Reference {
  counters: Record<string, number> = {};
  queues: Record<string, string[]> = {};
  maps: Record<string, Record<string, string>> = {};
  /** The newest request of each client. */
  seqs: Record<string, number> = {};

  apply(op: ValueOp): unknown {
    if (op.kind === 'counter') {
      const value = (this.counters[op.name] ?? 0) + op.add;
      this.counters[op.name] = value;
      return { value };
    }
    if (op.kind === 'queue') {
      const queue = (this.queues[op.name] ??= []);
      if (op.do === 'push') queue.push(op.json!);
      const json = op.do === 'pop' ? queue.shift() : undefined;
      return { length: queue.length, ...(json !== undefined && { json }) };
    }
    const map = (this.maps[op.name] ??= {});
    const present = map[op.key];
    const isChanged =
      op.do === 'set' ||
      (op.do === 'add' && present === undefined) ||
      (op.do === 'replace' && (present ?? null) === op.expected) ||
      (op.do === 'delete' && present !== undefined);
    if (isChanged && op.do === 'delete') delete map[op.key];
    else if (isChanged) map[op.key] = op.json!;
    const json = isChanged || op.do === 'size' ? undefined : present;
    return { ...(json !== undefined && { json }), isChanged, size: Object.keys(map).length };
  }
}

const name = fc.constantFrom('a', 'b');
const json = fc.constantFrom('1', '"two"', '[3]');
const op: fc.Arbitrary<ValueOp> = fc.oneof(
  fc.record({ kind: fc.constant('counter' as const), name, add: fc.integer({ min: -3, max: 3 }) }),
  fc.record({
    kind: fc.constant('queue' as const),
    name,
    do: fc.constantFrom('push' as const, 'push' as const, 'pop' as const, 'length' as const),
    json,
  }),
  fc.record({
    kind: fc.constant('map' as const),
    name,
    do: fc.constantFrom(
      'get' as const,
      'set' as const,
      'delete' as const,
      'add' as const,
      'replace' as const,
      'size' as const,
    ),
    key: name,
    json,
    expected: fc.option(json),
  }),
);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      client: fc.nat(2),
      ops: fc.array(op, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), client: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('commit' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);

function newState(): { state: SharedState; named: NamedValues } {
  const named = new NamedValues();
  return { named, state: new SharedState({ rows: new RowLeases([]), ...named.handlers }) };
}

test('each operation is applied once, in order, with repeated requests and restarted masters', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const disk = new Map<string, unknown>();
      let { state, named } = newState();
      let reference = new Reference();
      let stored = structuredClone(reference);
      const last = new Map<number, { seq: number; ops: readonly SharedOp[]; answers?: unknown }>();
      for (const one of steps) {
        if (one.do === 'commit') {
          for (const [key, value] of state.takeEntries()) {
            if (value === undefined) disk.delete(key);
            else disk.set(key, structuredClone(value));
          }
          stored = structuredClone(reference);
        } else if (one.do === 'restart') {
          ({ state, named } = newState());
          state.restore(structuredClone([...disk]));
          reference = Object.assign(new Reference(), structuredClone(stored));
        } else {
          const before = last.get(one.client);
          const client = `client ${one.client}`;
          // A client asks again only after the answer, which comes after the commit.
          const isAnswered = (before?.seq ?? 0) === (stored.seqs[client] ?? 0);
          const request =
            one.do === 'ask' && isAnswered ? { seq: (before?.seq ?? 0) + 1, ops: one.ops } : before;
          if (!request) continue;
          const isNew = (reference.seqs[client] ?? 0) < request.seq;
          const expected = isNew
            ? request.ops.map((each) => reference.apply(each as ValueOp))
            : last.get(one.client)!.answers;
          reference.seqs[client] = request.seq;
          last.set(one.client, { ...request, answers: expected });
          expect(state.apply({ client, ...request })).toEqual(expected);
        }
      }
      const sizes = (all: Record<string, object>): [string, number][] =>
        Object.entries(all).map(([key, values]) => [key, Object.keys(values).length]);
      // A value that was only read is 0 or empty, and is not kept.
      const used = (all: Iterable<readonly [string, number]>): unknown =>
        Object.fromEntries([...all].filter(([, count]) => count !== 0));
      const { counter, queue, map } = named.handlers;
      expect(used(counter.all)).toEqual(used(Object.entries(reference.counters)));
      expect(used(queue.lengths)).toEqual(used(sizes(reference.queues)));
      expect(used(map.sizes)).toEqual(used(sizes(reference.maps)));
    }),
    { numRuns: 500 },
  );
});

test('beyond a limit, operations are refused and change nothing', () => {
  const { state, named } = newState();
  let seq = 0;
  const ask = (...ops: ValueOp[]): unknown => state.apply({ client: 'c', seq: (seq += 1), ops })!.at(-1);
  const many = (count: number, make: (n: number) => ValueOp): unknown =>
    ask(...Array.from({ length: count }, (_, n) => make(n)));
  const counter = (n: number | string, add = 1): CounterOp => ({ kind: 'counter', name: `c${n}`, add });
  const queue = (n: number | string, value = '1'): QueueOp => ({
    kind: 'queue',
    name: `q${n}`,
    do: 'push',
    json: value,
  });
  const map = (n: number, key: string): MapOp => ({ kind: 'map', name: `m${n}`, do: 'set', key, json: '1' });

  expect(ask(counter(0, Number.MAX_SAFE_INTEGER), counter(0))).toEqual({ refused: 'number' });
  expect(ask(counter(0, 0))).toEqual({ value: Number.MAX_SAFE_INTEGER });
  expect(many(MAX_SHARED_NAMES, counter)).toMatchObject({ value: 1 });
  expect(ask(counter('more'))).toEqual({ refused: 'names' });
  expect(many(MAX_SHARED_ENTRIES, () => queue(0))).toEqual({ length: MAX_SHARED_ENTRIES });
  expect(ask(queue(0))).toEqual({ refused: 'entries' });
  expect(many(MAX_SHARED_ENTRIES, (n) => map(0, String(n)))).toMatchObject({ size: MAX_SHARED_ENTRIES });
  expect(ask(map(0, 'more'))).toEqual({ refused: 'entries' });
  // A key that is there may change, and a popped value makes room.
  expect(ask(map(0, '5'))).toMatchObject({ isChanged: true });
  ask({ kind: 'queue', name: 'q0', do: 'pop' });
  expect(ask(queue(0))).toEqual({ length: MAX_SHARED_ENTRIES });
  const large = 'x'.repeat(MAX_SHARED_CHARACTERS / 64);
  expect(many(70, () => queue(1, large))).toEqual({ refused: 'characters' });
  expect(named.handlers.queue.lengths.get('q1')).toBe(63);
});

test('those that wait for a queue are told, one for each value', () => {
  const { state } = newState();
  const pop: QueueOp = { kind: 'queue', name: 'jobs', do: 'pop', waits: true };
  for (const client of ['a', 'b', 'c']) state.apply({ client, seq: 1, ops: [pop] });
  state.apply({ client: 'd', seq: 1, ops: [{ kind: 'queue', name: 'jobs', do: 'push', json: '1' }] });
  expect([...state.takeNotices()]).toEqual([['a', new Set(['queue/jobs'])]]);
});
