import { Random } from './world/random.js';
import { laterRun, randomFault, randomSchedule } from './random-schedule.js';
import type { Fault, LaterRun, Schedule, Step } from './schedule.js';

/** Generates the schedule of a seed, with several sequences of runs side by side on one cluster. */
export function sharedSchedule(seed: number): Schedule {
  const random = new Random(seed ^ 0x51de);
  const schedule = randomSchedule(seed);
  const workers = random.whole(2, 6);
  const besides = Array.from({ length: random.whole(1, 2) }, () =>
    Array.from({ length: random.whole(1, 3) }, () => taking(random, workers, laterRun(random, workers))),
  );
  const calmAtMs = schedule.calmAtMs + random.whole(0, 10_000);
  const sequence = (): number => random.whole(0, besides.length);
  const added = Array.from({ length: random.whole(0, 4) }, (): Step => {
    return { atMs: random.whole(0, calmAtMs), ...faultOf(random, workers, schedule.lanes) };
  });
  const steps = [...schedule.steps, ...added].map((step): Step => {
    return step.do === 'stop' || step.do === 'pause' || step.do === 'setUsers'
      ? { ...step, sequence: sequence() }
      : step;
  });
  return {
    ...schedule,
    workers,
    takes: random.pick(['all', random.whole(1, workers)] as const),
    laterRuns: schedule.laterRuns.map((run) => taking(random, workers, run)),
    besides,
    steps: steps.sort((a, b) => a.atMs - b.atMs),
    calmAtMs,
  };
}

/** The run takes a number of workers, or all that are free. It begins with those that it has. */
function taking(random: Random, workers: number, run: LaterRun): LaterRun {
  const takes = random.chance(0.3) ? 'all' : random.whole(1, workers);
  return { ...run, takes, expectWorkers: takes === 'all' ? 1 : random.whole(1, takes) };
}

function faultOf(random: Random, workers: number, lanes: number): Fault {
  if (random.chance(0.3)) {
    const worker = random.whole(0, workers - 1);
    return { do: 'failLoads', worker, forMs: random.whole(500, 8_000) };
  }
  return randomFault(random, workers, lanes);
}
