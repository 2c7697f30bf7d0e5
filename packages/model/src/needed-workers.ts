import type { Plan } from './plan.js';
import { peakRate } from './workload/rate-profile.js';
import { isOpen, knownPeakUsers, partEndMs, type Load, type LoadPart } from './workload/workload.js';

/** Users with a TLS connection each, about 0.4 GB, of which each makes up to three requests/s. */
const USERS_PER_LANE = 5_000;
/** Arrivals or iterations per second of about eight requests each, at half a core. */
const STARTS_PER_LANE = 2_000;
/** Connections from one local address to one target address. */
const CONNECTIONS_PER_WORKER = 28_000;

/**
 * How many workers the load of a plan needs, by the figures of docs/sizing.md. What a user's code
 * costs is not known, so it is a start, not a promise.
 * @param lanes lanes of a worker
 */
export function neededWorkers({ load }: Pick<Plan, 'load'>, lanes: number): number {
  const users = knownPeakUsers(load);
  const neededLanes = Math.max(users / USERS_PER_LANE, peakStarts(load) / STARTS_PER_LANE);
  return Math.max(1, Math.ceil(neededLanes / lanes), Math.ceil(users / CONNECTIONS_PER_WORKER));
}

/** The most arrivals and iterations that start in a second, of all parts that run side by side. */
function peakStarts({ parts }: Load): number {
  const sums = parts.map((first) => {
    const beside = parts.filter((part) => part === first || startsDuring(first, part));
    return beside.reduce((sum, { workload }) => sum + (isOpen(workload) ? peakRate(workload.rate) : 0), 0);
  });
  return Math.max(0, ...sums);
}

/** Whether a part is running when another one starts. */
function startsDuring({ startMs }: LoadPart, other: LoadPart): boolean {
  if (startMs === null || other.startMs === null) return false;
  return other.startMs <= startMs && startMs < (partEndMs(other) ?? Infinity);
}
