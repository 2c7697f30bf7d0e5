import { DEFAULT_LANE_GROUP, limitRunTime, peakUsers, rampAndHold, type LoadProfile } from '@drumline/model';
import { QUANTILES_EVERY } from '@drumline/stats';
import { Random } from './world/random.js';
import type { Fault, LaterRun, RunPlan, Schedule, Step } from './schedule.js';

/** Message types whose loss would rarely occur by chance. */
const MESSAGES = [
  'welcome',
  'prepare',
  'artifactChunk',
  'prepared',
  'runPhase',
  'phaseDone',
  'assignment',
  'start',
  'statsReport',
  'reportAck',
  'laneIncident',
  'leaving',
  'drain',
  'drained',
  'dismiss',
  'goodbye',
] as const;

/**
 * Generates the schedule of a seed: runs of at most half a minute with their faults. Half of all
 * schedules have several runs.
 */
export function randomSchedule(seed: number): Schedule {
  return withQuantiles(withLaterRuns(firstRun(seed)));
}

/** Changes how often quantiles are wanted in half of the schedules, from a separate generator. */
function withQuantiles(schedule: Schedule): Schedule {
  const random = new Random(schedule.seed ^ 0x71e5);
  if (random.chance(0.5)) return schedule;
  const changes = Array.from({ length: random.whole(1, 5) }, (): Step => {
    const atMs = random.whole(0, schedule.calmAtMs);
    return { atMs, do: 'quantiles', everySeconds: random.pick(QUANTILES_EVERY) };
  });
  return { ...schedule, steps: [...schedule.steps, ...changes].sort((a, b) => a.atMs - b.atMs) };
}

/** Adds up to two later runs with more faults, from a separate generator. */
function withLaterRuns(first: Schedule): Schedule {
  const random = new Random(first.seed ^ 0x2b5d);
  const count = random.pick([0, 0, 1, 2]);
  if (count === 0) return first;
  const { workers, lanes, steps } = first;
  const calmAtMs = first.calmAtMs + count * random.whole(2_000, 15_000);
  const faults = Array.from({ length: random.whole(0, 3 * count) }, (): Step => {
    return { atMs: random.whole(0, calmAtMs), ...randomFault(random, workers, lanes) };
  });
  return {
    ...first,
    load: limitRunTime(first.load, random.whole(2_000, 12_000)),
    laterRuns: Array.from({ length: count }, () => laterRun(random, workers)),
    steps: [...steps, ...faults].sort((a, b) => a.atMs - b.atMs),
    calmAtMs,
  };
}

export function laterRun(random: Random, workers: number): LaterRun {
  const ramp = rampAndHold(random.whole(1, 16), random.chance(0.5) ? random.whole(1, 10) : undefined);
  const load = limitRunTime(ramp, random.chance(0.5) ? random.whole(2_000, 10_000) : 30_000);
  return {
    load,
    ...usersOf(load, random.chance(0.2)),
    hasSetup: random.chance(0.3),
    pauseMs: random.pick([0, 50, 1_000, 5_000]),
    joins: random.pick([0, 0, 1, 2]),
    expectWorkers: random.whole(1, workers),
  };
}

/** The user types of a load. @param grouped whether some run on lanes of a separate group */
function usersOf(load: LoadProfile, grouped: boolean): Pick<RunPlan, 'userTypes' | 'laneGroups'> {
  const tasks = ['get'];
  const peak = peakUsers(load);
  return {
    userTypes: [
      { name: 'reader', weight: 3, laneGroup: DEFAULT_LANE_GROUP, tasks },
      { name: 'writer', weight: 1, laneGroup: grouped ? 'heavy' : DEFAULT_LANE_GROUP, tasks },
    ],
    laneGroups: grouped
      ? [
          { name: DEFAULT_LANE_GROUP, users: peak },
          { name: 'heavy', users: Math.ceil(peak / 4) },
        ]
      : [{ name: DEFAULT_LANE_GROUP, users: peak }],
  };
}

function firstRun(seed: number): Schedule {
  const random = new Random(seed);
  const workers = random.whole(1, 5);
  const lanes = random.whole(1, 2);
  const users = random.whole(1, 16);
  const ramp = rampAndHold(users, random.chance(0.5) ? random.whole(1, 10) : undefined);
  const load = random.chance(0.7) ? limitRunTime(ramp, random.whole(4_000, 25_000)) : ramp;
  const calmAtMs = random.whole(6_000, 30_000);
  const steps = Array.from({ length: random.whole(0, 7) }, (): Step => {
    return { atMs: random.whole(0, calmAtMs), ...randomFault(random, workers, lanes) };
  });
  const grouped = random.chance(0.2);
  return {
    seed,
    workers,
    lanes,
    load,
    ...usersOf(load, grouped),
    laterRuns: [],
    hasSetup: random.chance(0.3),
    // From a separate generator, so that the other choices of a seed stay the same.
    onWorkerLost: new Random(seed ^ 0x3a17).pick(['rebalance', 'wait'] as const),
    stopTimeoutMs: random.pick([0, 200, 2_000]),
    orphanGraceMs: random.pick([2_000, 8_000, 30_000]),
    driftPpm: random.pick([0, 50, 200]),
    network: { ...randomConditions(random), ...slowness(seed) },
    maxCommitMs: random.pick([10, 100, 1_500]),
    steps: steps.sort((a, b) => a.atMs - b.atMs),
    calmAtMs,
  };
}

function randomConditions(random: Random): Schedule['network'] {
  const minDelayMs = random.pick([0, 1, 20]);
  const isGood = random.chance(0.4);
  return {
    minDelayMs,
    maxDelayMs: minDelayMs + random.pick([1, 5, 100, 400]),
    dropped: isGood ? 0 : random.pick([0, 0.02, 0.2]),
    repeated: isGood ? 0 : random.pick([0, 0.05, 0.3]),
    reorders: !isGood && random.chance(0.5),
  };
}

/**
 * Makes one master in five slow. Uses a separate generator, so that the other choices of a seed
 * stay the same.
 */
function slowness(seed: number): Pick<Schedule['network'], 'masterMsPerMessage'> {
  const random = new Random(seed ^ 0x510e);
  return random.chance(0.2) ? { masterMsPerMessage: random.pick([20, 80, 200]) } : {};
}

export function randomFault(random: Random, workers: number, lanes: number): Fault {
  const worker = random.whole(0, workers - 1);
  const lane = random.whole(0, lanes - 1);
  const forMs = Math.round(random.chance(0.7) ? random.between(100, 6_000) : random.between(6_000, 60_000));
  const kinds: (() => Fault)[] = [
    () => ({ do: 'cut', worker, how: random.pick(['loses', 'holds', 'refuses'] as const), forMs }),
    () => ({ do: 'lose', worker, message: random.pick(MESSAGES) }),
    () => ({ do: 'freeze', worker, whole: random.chance(0.5), forMs }),
    () => ({ do: 'freezeLane', worker, lane, forMs }),
    () => ({ do: 'kill', worker, backAfterMs: random.chance(0.6) ? random.whole(200, 8_000) : null }),
    () => ({ do: 'killLane', worker, lane }),
    () => ({ do: 'crashLane', worker, lane }),
    () => ({ do: 'join' }),
    () => ({ do: 'leave', worker }),
    () => ({ do: 'quit', worker }),
    () => ({ do: 'freezeMaster', forMs: Math.min(forMs, 15_000) }),
    () => ({
      do: 'killMaster',
      backAfterMs: Math.round(random.chance(0.7) ? random.between(50, 4_000) : forMs),
    }),
    () => ({
      do: 'setUsers',
      users: random.whole(0, 20),
      spawnRate: random.chance(0.5) ? random.whole(1, 20) : undefined,
    }),
    () => ({ do: 'pause', forMs: Math.min(forMs, 5_000) }),
    () => ({ do: 'stop' }),
    () => ({ do: 'stopByScenario', worker, lane }),
  ];
  return random.pick(kinds)();
}
