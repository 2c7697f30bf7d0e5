import { formatDuration, type LoadProfile, type Plan } from '@drumline/model';
import type { Cut, MessageType, NetworkManners } from './cluster/network.js';

/** What happens to a cluster at a time. Workers are numbered from 0; who is not there (any more) cannot be hit. */
export type Step = { readonly atMs: number } & Fault;

export type Fault =
  | { readonly do: 'cut'; readonly worker: number; readonly how: Cut; readonly forMs: number }
  /** The next message of a type, to or from the worker, is lost. */
  | { readonly do: 'lose'; readonly worker: number; readonly message: MessageType }
  /** Its control process alone, or the whole machine with its lanes. */
  | { readonly do: 'freeze'; readonly worker: number; readonly whole: boolean; readonly forMs: number }
  | { readonly do: 'freezeLane'; readonly worker: number; readonly lane: number; readonly forMs: number }
  | { readonly do: 'kill'; readonly worker: number; readonly backAfterMs: number | null }
  | { readonly do: 'killLane'; readonly worker: number; readonly lane: number }
  /** By the user's code: it hands over everything it has counted. */
  | { readonly do: 'crashLane'; readonly worker: number; readonly lane: number }
  /** A user's code wants the run to stop. */
  | { readonly do: 'stopByScenario'; readonly worker: number; readonly lane: number }
  | { readonly do: 'join' }
  | { readonly do: 'leave'; readonly worker: number }
  /** As a second Ctrl-C does. */
  | { readonly do: 'quit'; readonly worker: number }
  | { readonly do: 'freezeMaster'; readonly forMs: number }
  | { readonly do: 'killMaster'; readonly backAfterMs: number }
  | { readonly do: 'setUsers'; readonly users: number; readonly spawnRate: number | undefined }
  | { readonly do: 'pause'; readonly forMs: number }
  | { readonly do: 'stop' };

/** A run and everything that befalls it. With its seed, it says all that will happen. */
export interface Schedule {
  readonly seed: number;
  readonly workers: number;
  readonly lanes: number;
  readonly load: LoadProfile;
  readonly userTypes: Plan['userTypes'];
  readonly laneGroups: Plan['laneGroups'];
  readonly hasSetup: boolean;
  /** What the master does with the users of a worker that is missing. */
  readonly onWorkerLost: 'rebalance' | 'wait';
  readonly stopTimeoutMs: number;
  readonly orphanGraceMs: number;
  /** How fast the workers' clocks go wrong, at most: parts of a million. */
  readonly driftPpm: number;
  readonly network: NetworkManners;
  /** How long the master's disk takes for a commit, at most. */
  readonly maxCommitMs: number;
  /** In the order of their times. */
  readonly steps: readonly Step[];
  /** From here on the network is good and nobody stands still. */
  readonly calmAtMs: number;
}

/** A step in words. */
export function describeStep(step: Step): string {
  return `${formatDuration(step.atMs)}: ${describeFault(step)}`;
}

const HOW: Record<Cut, string> = {
  loses: 'what is sent is lost',
  holds: 'what is sent comes afterwards',
  refuses: 'the connection is gone',
};

function describeFault(fault: Fault): string {
  switch (fault.do) {
    case 'cut':
      return `worker w${fault.worker} is cut off for ${formatDuration(fault.forMs)}; ${HOW[fault.how]}`;
    case 'lose':
      return `the next '${fault.message}' to or from worker w${fault.worker} is lost`;
    case 'freeze':
      return `worker w${fault.worker}${fault.whole ? ' and its lanes stand' : ' stands'} still for ${formatDuration(fault.forMs)}`;
    case 'freezeLane':
      return `lane w${fault.worker}/${fault.lane} stands still for ${formatDuration(fault.forMs)}`;
    case 'kill':
      return `worker w${fault.worker} is killed${fault.backAfterMs === null ? '' : `, and started again after ${formatDuration(fault.backAfterMs)}`}`;
    case 'killLane':
      return `lane w${fault.worker}/${fault.lane} is killed`;
    case 'crashLane':
      return `lane w${fault.worker}/${fault.lane} crashes, and hands over what it has counted`;
    case 'stopByScenario':
      return `a user on lane w${fault.worker}/${fault.lane} stops the run`;
    case 'join':
      return 'one more worker is started';
    case 'leave':
      return `worker w${fault.worker} is asked to leave`;
    case 'quit':
      return `worker w${fault.worker} is told to end at once`;
    case 'freezeMaster':
      return `the master stands still for ${formatDuration(fault.forMs)}`;
    case 'killMaster':
      return `the master is killed, and started again after ${formatDuration(fault.backAfterMs)}`;
    case 'setUsers':
      return `${fault.users} users are asked for${fault.spawnRate === undefined ? '' : `, ${fault.spawnRate} a second`}`;
    case 'pause':
      return `the run is paused for ${formatDuration(fault.forMs)}`;
    case 'stop':
      return 'the run is stopped';
  }
}

/** A schedule in words, one line each. */
export function describeSchedule(schedule: Schedule): string[] {
  const { seed, workers, lanes, network, load, driftPpm, onWorkerLost } = schedule;
  const { minDelayMs, maxDelayMs, dropped, repeated, reorders } = network;
  const percent = (part: number): string => `${Math.round(part * 100)} %`;
  return [
    `seed ${seed}: ${workers} workers with ${lanes} lanes each, load ${JSON.stringify(load)}, stop time-out ${formatDuration(schedule.stopTimeoutMs)}, orphan grace ${formatDuration(schedule.orphanGraceMs)}${schedule.hasSetup ? ', a setup' : ''}, users of lost workers: ${onWorkerLost}`,
    `frames take ${minDelayMs} to ${maxDelayMs} ms${reorders ? ' and overtake each other' : ''}, ${percent(dropped)} are lost, ${percent(repeated)} come twice; clocks drift by up to ${driftPpm} ppm; commits take up to ${schedule.maxCommitMs} ms; the master takes ${network.masterMsPerMessage ?? 0} ms to read a message`,
    ...schedule.steps.map(describeStep),
    `${formatDuration(schedule.calmAtMs)}: all faults are over`,
  ];
}
