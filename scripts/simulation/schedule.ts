import { formatDuration, type LoadPart, type LoadProfile, type Plan } from '@drumline/model';
import type { WorkersWanted } from '@drumline/master/testing';
import type { QuantilesEvery } from '@drumline/stats';
import type { Cut, MessageType, NetworkConditions } from './cluster/network.js';

/**
 * A fault at a given time. Workers are numbered from 0. Faults of absent workers have no effect.
 */
export type Step = { readonly atMs: number } & Fault;

export type Fault =
  | { readonly do: 'cut'; readonly worker: number; readonly how: Cut; readonly forMs: number }
  /** The next message of a type to or from the worker is lost. */
  | { readonly do: 'lose'; readonly worker: number; readonly message: MessageType }
  /** Stalls the control process alone, or the whole machine with its lanes. */
  | { readonly do: 'freeze'; readonly worker: number; readonly whole: boolean; readonly forMs: number }
  | { readonly do: 'freezeLane'; readonly worker: number; readonly lane: number; readonly forMs: number }
  | { readonly do: 'kill'; readonly worker: number; readonly backAfterMs: number | null }
  | { readonly do: 'killLane'; readonly worker: number; readonly lane: number }
  /** Caused by user code. The lane hands over all its counts. */
  | { readonly do: 'crashLane'; readonly worker: number; readonly lane: number }
  /** User code stops the run. */
  | { readonly do: 'stopByScenario'; readonly worker: number; readonly lane: number }
  | { readonly do: 'join' }
  | { readonly do: 'leave'; readonly worker: number }
  /** Simulates a second Ctrl-C. */
  | { readonly do: 'quit'; readonly worker: number }
  | { readonly do: 'freezeMaster'; readonly forMs: number }
  | { readonly do: 'killMaster'; readonly backAfterMs: number }
  /** For some time, lanes of this worker cannot load a scenario. */
  | { readonly do: 'failLoads'; readonly worker: number; readonly forMs: number }
  | {
      readonly do: 'setUsers';
      readonly sequence?: number;
      readonly users: number;
      readonly spawnRate: number | undefined;
    }
  /** Changes the rate of the part with a rate, or of that of a user type. */
  | {
      readonly do: 'setRate';
      readonly perSecond: number;
      readonly overMs: number;
      readonly user: string | undefined;
    }
  /** From now on, workers report the response times of each series this often. */
  | { readonly do: 'quantiles'; readonly everySeconds: QuantilesEvery }
  | { readonly do: 'pause'; readonly sequence?: number; readonly forMs: number }
  | { readonly do: 'stop'; readonly sequence?: number };

/** What a run executes. */
export interface RunPlan {
  readonly load: LoadProfile;
  /** Replaces `load`. Every part has a phase of its own, by which its starts are counted. */
  readonly parts?: readonly LoadPart[];
  readonly userTypes: Plan['userTypes'];
  readonly laneGroups: Plan['laneGroups'];
  readonly hasSetup: boolean;
  /** Number of workers that it takes; by default all. */
  readonly takes?: WorkersWanted;
}

/** A later run over the same cluster. */
export interface LaterRun extends RunPlan {
  /** From the end of the previous run to the beginning. */
  readonly pauseMs: number;
  /** Number of workers that are started at the end of the previous run. */
  readonly joins: number;
  readonly expectWorkers: number;
}

/** One or more runs with all their events. Together with its seed it determines everything. */
export interface Schedule extends RunPlan {
  readonly seed: number;
  readonly workers: number;
  readonly lanes: number;
  readonly laterRuns: readonly LaterRun[];
  /** Further sequences of runs, beside the first run and its later ones. */
  readonly besides?: readonly (readonly LaterRun[])[];
  /** The policy for users of a missing worker. */
  readonly onWorkerLost: 'rebalance' | 'wait';
  readonly stopTimeoutMs: number;
  readonly orphanGraceMs: number;
  /** Maximum drift of the workers' clocks, parts per million. */
  readonly driftPpm: number;
  readonly network: NetworkConditions;
  /** Maximum duration of a commit on the master's disk. */
  readonly maxCommitMs: number;
  /** Ordered by time. */
  readonly steps: readonly Step[];
  /** From this time on there are no faults. */
  readonly calmAtMs: number;
}

/** Describes a step in words. */
export function describeStep(step: Step): string {
  return `${formatDuration(step.atMs)}: ${describeFault(step)}`;
}

const HOW: Record<Cut, string> = {
  loses: 'messages are lost',
  holds: 'messages are delayed until then',
  refuses: 'the connection is closed',
};

function describeFault(fault: Fault): string {
  switch (fault.do) {
    case 'cut':
      return `worker w${fault.worker} is unreachable for ${formatDuration(fault.forMs)}; ${HOW[fault.how]}`;
    case 'lose':
      return `the next '${fault.message}' to or from worker w${fault.worker} is lost`;
    case 'freeze':
      return `worker w${fault.worker}${fault.whole ? ' and its lanes stall' : ' stalls'} for ${formatDuration(fault.forMs)}`;
    case 'freezeLane':
      return `lane w${fault.worker}/${fault.lane} stalls for ${formatDuration(fault.forMs)}`;
    case 'kill':
      return `worker w${fault.worker} is killed${fault.backAfterMs === null ? '' : `, and restarted after ${formatDuration(fault.backAfterMs)}`}`;
    case 'killLane':
      return `lane w${fault.worker}/${fault.lane} is killed`;
    case 'crashLane':
      return `lane w${fault.worker}/${fault.lane} crashes after handing over its counts`;
    case 'stopByScenario':
      return `a user on lane w${fault.worker}/${fault.lane} stops the run`;
    case 'join':
      return 'one more worker is started';
    case 'leave':
      return `worker w${fault.worker} is asked to leave`;
    case 'quit':
      return `worker w${fault.worker} is ordered to end at once`;
    case 'freezeMaster':
      return `the master stalls for ${formatDuration(fault.forMs)}`;
    case 'killMaster':
      return `the master is killed, and restarted after ${formatDuration(fault.backAfterMs)}`;
    case 'failLoads':
      return `worker w${fault.worker} cannot load scenarios for ${formatDuration(fault.forMs)}`;
    case 'setUsers':
      return `${ofRun(fault)}${fault.users} users are asked for${fault.spawnRate === undefined ? '' : `, ${fault.spawnRate} a second`}`;
    case 'setRate':
      return `${fault.perSecond}/s are asked for${fault.user === undefined ? '' : ` of ${fault.user}`}, over ${formatDuration(fault.overMs)}`;
    case 'quantiles':
      return `quantiles are wanted every ${fault.everySeconds} s`;
    case 'pause':
      return `${ofRun(fault)}the run is paused for ${formatDuration(fault.forMs)}`;
    case 'stop':
      return `${ofRun(fault)}the run is stopped`;
  }
}

function ofRun({ sequence = 0 }: { readonly sequence?: number }): string {
  return sequence === 0 ? '' : `beside run ${sequence}: `;
}

/** Describes a schedule in words, one line per step. */
export function describeSchedule(schedule: Schedule): string[] {
  const { seed, workers, lanes, network, load, driftPpm, onWorkerLost } = schedule;
  const { minDelayMs, maxDelayMs, dropped, repeated, reorders } = network;
  const percent = (part: number): string => `${Math.round(part * 100)} %`;
  return [
    `seed ${seed}: ${workers} workers with ${lanes} lanes each, load ${JSON.stringify(load)}, stop timeout ${formatDuration(schedule.stopTimeoutMs)}, orphan grace ${formatDuration(schedule.orphanGraceMs)}${schedule.hasSetup ? ', a setup' : ''}, users of lost workers: ${onWorkerLost}`,
    `frames take ${minDelayMs} to ${maxDelayMs} ms${reorders ? ' and are reordered' : ''}, ${percent(dropped)} are lost, ${percent(repeated)} arrive twice; clocks drift by up to ${driftPpm} ppm; commits take up to ${schedule.maxCommitMs} ms; the master takes ${network.masterMsPerMessage ?? 0} ms to read a message`,
    ...schedule.laterRuns.map((run) => `${formatDuration(run.pauseMs)} after that run, ${describeRun(run)}`),
    ...(schedule.besides ?? []).flatMap((runs, index) =>
      runs.map((run) => `beside run ${index + 1}, after ${formatDuration(run.pauseMs)}: ${describeRun(run)}`),
    ),
    ...schedule.steps.map(describeStep),
    `${formatDuration(schedule.calmAtMs)}: all faults are over`,
  ];
}

function describeRun({ takes = 'all', expectWorkers, joins, load, laneGroups, hasSetup }: LaterRun): string {
  return `a run that takes ${takes} workers and expects ${expectWorkers}, ${joins} of them new, load ${JSON.stringify(load)}, ${laneGroups.length} lane groups${hasSetup ? ', a setup' : ''}`;
}
