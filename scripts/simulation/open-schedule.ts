import type { LoadPart, RateProfile } from '@drumline/model';
import { Random } from './world/random.js';
import { randomSchedule } from './random-schedule.js';
import type { Schedule, Step } from './schedule.js';

/** Generates the schedule of a seed, with a load of open and fixed parts. */
export function openSchedule(seed: number): Schedule {
  const random = new Random(seed ^ 0x0be2);
  const { laterRuns: _, ...schedule } = randomSchedule(seed);
  return { ...schedule, laterRuns: [], parts: randomParts(random) };
}

/** Adds changes of rates and more phases to the schedule of a seed. */
export function changedSchedule(seed: number): Schedule {
  const { parts = [], steps, ...schedule } = openSchedule(seed);
  const changes = randomChanges(seed, parts, schedule.calmAtMs);
  return {
    ...schedule,
    steps: [...steps, ...changes].sort((a, b) => a.atMs - b.atMs),
    parts: [...parts, ...randomPhases(seed, parts)],
  };
}

/** From a separate generator, as are the phases. */
function randomChanges(seed: number, parts: readonly LoadPart[], calmAtMs: number): Step[] {
  const random = new Random(seed ^ 0x7a7e);
  // The order is refused if it does not name one part.
  const user = (): string | undefined => (parts.length === 1 ? undefined : random.pick(['reader', 'writer']));
  return Array.from({ length: random.whole(1, 4) }, () => ({
    atMs: random.whole(1_000, calmAtMs),
    do: 'setRate' as const,
    perSecond: random.pick([0, 0.7, random.whole(1, 50)]),
    overMs: random.pick([0, random.whole(500, 5_000)]),
    user: user(),
  }));
}

/** More phases after the last part, in one schedule of two. */
function randomPhases(seed: number, parts: readonly LoadPart[]): LoadPart[] {
  const random = new Random(seed ^ 0x94a5);
  if (random.chance(0.5)) return [];
  const count = random.whole(1, 2);
  return Array.from({ length: count }, (_, index) => {
    const number = parts.length + index;
    return { ...partOf(random, number, [0, 1], null), follows: [number - 1] };
  });
}

function randomParts(random: Random): LoadPart[] {
  const shape = random.pick(['one', 'one', 'beside', 'in-turn', 'three'] as const);
  const all = [0, 1];
  switch (shape) {
    case 'one':
      return [partOf(random, 0, all, 0)];
    case 'beside':
      return [partOf(random, 0, [0], 0), partOf(random, 1, [1], random.whole(0, 5_000))];
    case 'in-turn':
      return [
        { phase: 'p0', types: all, startMs: 0, workload: fixed(random) },
        { ...partOf(random, 1, all, null), follows: [0] },
      ];
    case 'three':
      return [partOf(random, 0, all, 0), partOf(random, 1, [1], 3_000), closed(random)];
  }
}

function partOf(random: Random, index: number, types: number[], startMs: number | null): LoadPart {
  return { phase: `p${index}`, types, startMs, workload: random.chance(0.2) ? fixed(random) : open(random) };
}

function open(random: Random): LoadPart['workload'] {
  const order = random.chance(0.3)
    ? ({ kind: 'random', seed: random.whole(0, 1_000) } as const)
    : ({ kind: 'even' } as const);
  const limit = random.chance(0.4) ? random.whole(2, 12) : undefined;
  const rate = rateOf(random);
  return random.chance(0.5)
    ? { kind: 'arrivals', rate, order, ...(limit !== undefined && { maxConcurrent: limit }) }
    : { kind: 'iterations', rate, order, ...(limit !== undefined && { maxUsers: limit }) };
}

function rateOf(random: Random): RateProfile {
  const from = random.pick([0, random.whole(1, 30)]);
  const to = random.pick([0.7, 5, random.whole(1, 40)]);
  const stages = [{ durationMs: random.whole(1_000, 10_000), toPerSecond: to }];
  return {
    fromPerSecond: from,
    stages: [...stages, { durationMs: random.whole(3_000, 15_000), toPerSecond: to }],
  };
}

function fixed(random: Random): LoadPart['workload'] {
  const users = random.whole(2, 8);
  const each = random.chance(0.3);
  const total = each ? users * random.whole(1, 12) : random.whole(users, 100);
  return {
    kind: 'fixed',
    total,
    users,
    each,
    limitMs: random.chance(0.3) ? random.whole(3_000, 15_000) : null,
  };
}

function closed(random: Random): LoadPart {
  const toUsers = random.whole(1, 6);
  const profile = { fromUsers: toUsers, stages: [{ durationMs: 15_000, toUsers }] };
  return { phase: 'p2', types: [0], startMs: 0, workload: { kind: 'users', profile } };
}
