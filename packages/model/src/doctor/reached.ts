import { formatDuration, type Millis } from '../units.js';
import type { MachineLimits } from './machine-limits.js';

/** What the lanes of a worker use of the limits of their machine. */
export interface MachineUse {
  /** Open files of the lane that has the most. */
  readonly openFiles: number;
  /** Local ports of all lanes: open connections, and connections in TIME_WAIT. */
  readonly ports: number;
  /** How long the control group was stopped so far, because its CPU quota was used up. */
  readonly throttledMs?: Millis;
}

/** The most of a limit that was used. */
export interface ReachedLimit {
  readonly most: number;
  readonly limit: number;
}

/** What a worker reached of the limits of its machine during a run. */
export interface Reached {
  /** Of the lane with the most open files. */
  readonly openFiles?: ReachedLimit;
  /** As if all connections went to one address of the target. */
  readonly localPorts?: ReachedLimit;
  /** How long the control group was stopped during the run. Absent without a quota. */
  readonly throttledMs?: Millis;
}

/**
 * The most that was used, beside the limits.
 * @param most the highest values of the run; `throttledMs` counts from its start
 * @returns undefined if nothing is known
 */
export function reachedOf(
  most: MachineUse | undefined,
  { openFiles, localPorts }: MachineLimits,
  sourceAddresses = 1,
): Reached | undefined {
  if (most === undefined) return undefined;
  const { throttledMs } = most;
  return {
    ...(openFiles !== undefined && { openFiles: { most: most.openFiles, limit: openFiles } }),
    ...(localPorts !== undefined && {
      localPorts: { most: most.ports, limit: localPorts * sourceAddresses },
    }),
    ...(throttledMs !== undefined && { throttledMs: Math.round(throttledMs) }),
  };
}

/** For example: `ports used at most: 61 %`, for the highest share of all workers. */
export function describeReached(workers: readonly (Reached | undefined)[]): string[] {
  const shareOf = (of: (reached: Reached) => ReachedLimit | undefined): number | undefined => {
    const shares = workers.flatMap((reached) => {
      const found = reached && of(reached);
      return found === undefined ? [] : [found.most / Math.max(1, found.limit)];
    });
    return shares.length === 0 ? undefined : Math.max(...shares);
  };
  const files = shareOf(({ openFiles }) => openFiles);
  const ports = shareOf(({ localPorts }) => localPorts);
  const throttledMs = Math.max(0, ...workers.map((reached) => reached?.throttledMs ?? 0));
  return [
    ...(ports === undefined ? [] : [`ports used at most: ${percent(ports)}`]),
    ...(files === undefined ? [] : [`open files at most: ${percent(files)}`]),
    ...(throttledMs === 0 ? [] : [`CPU quota stopped the lanes for ${formatDuration(throttledMs)}`]),
  ];
}

function percent(share: number): string {
  return share > 0 && share < 0.005 ? '<1 %' : `${Math.round(share * 100)} %`;
}
