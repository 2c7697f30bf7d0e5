import type { WorkersWanted } from './assignment.js';

/** A run that has not been given workers yet. */
export interface WaitingRun {
  readonly runId: string;
  readonly wants: WorkersWanted;
  /** The reason, as a clause: `run 1a2b3c4d has all 3 workers`. */
  readonly why: string;
  /** The runs that have workers, and how many, in the order in which they came. */
  readonly holders: readonly Holder[];
}

export interface Holder {
  readonly runId: string;
  readonly workers: number;
}

/** What a run waits for. */
interface Line {
  readonly wants: WorkersWanted;
  /** Number of idle workers that it can use. */
  readonly free: number;
  /** Number of workers that are connected. */
  readonly connected: number;
  readonly holders: readonly Holder[];
  /** The run that is before it, if that one waits for a number of workers. */
  readonly behind: string | undefined;
}

/** Why a run waits, as a clause. */
export function whyWaiting({ wants, free, connected, holders, behind }: Line): string {
  if (behind !== undefined) return `run ${short(behind)} is before it, and waits for workers`;
  if (connected === 0) return 'no worker is connected';
  const [only, ...others] = holders;
  const have = holders.map(({ runId, workers }) => `run ${short(runId)} has ${workers}`).join(', ');
  if (wants === 'all') {
    if (!only) return 'no connected worker can take part';
    return others.length === 0 ? `run ${short(only.runId)} has ${allOf(only.workers)}` : have;
  }
  if (wants > connected) return `it wants ${wants} workers, and ${connected} ${are(connected)} connected`;
  const reason = `it wants ${wants} workers, and ${free} ${are(free)} free`;
  return have === '' ? reason : `${reason}: ${have}`;
}

/** A run id as people read it. */
function short(runId: string): string {
  return runId.slice(0, 8);
}

function allOf(workers: number): string {
  return workers === 1 ? 'the only worker' : `all ${workers} workers`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}
