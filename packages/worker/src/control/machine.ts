import { fork, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { DrumlineError, type MachineLimits, type MachineUse } from '@drumline/model';
import { writeBundle, type BundleFile } from '@drumline/scenario/parent';
import { dialWorkerLink, type WorkerLink } from '@drumline/wire';
import type { WorkerToken } from '@drumline/wire/security';
import { watchUse } from '../facts/machine-use.js';
import { readLimits } from '../facts/read-limits.js';
import type { LaneVitals } from '../lane-protocol.js';
import { watchVitals } from '../vitals.js';

/** The vitals of the control process. */
type OwnVitals = Omit<LaneVitals, 'users' | 'positions' | 'longDelaysMs'>;

/** What the control process needs from its machine. The simulation has another implementation. */
export interface WorkerMachine {
  /** Connects to a master. @param instance identifies this worker, even after it reconnects */
  dial(master: string | Promise<string>, instance: string, token?: WorkerToken | null): WorkerLink;
  /**
   * Starts a lane process, which speaks `LaneOrder` and `LaneNews`. @param heapMb its heap limit,
   * or `null` for Node's default
   * @throws DrumlineError `limits-too-low` if the system does not start the process
   */
  forkLane(heapMb: number | null): ChildProcess;
  /** Writes a bundle to a file that lanes can import. */
  writeBundle(code: string): BundleFile;
  /**
   * Starts measuring the control process. Each call of the result returns the vitals since the last
   * one.
   */
  watchVitals(): () => OwnVitals;
  /** The limits of its processes. Takes a few milliseconds. */
  readLimits(): MachineLimits;
  /**
   * Starts watching what lanes use of these limits. Each call of the result returns the last
   * measurement. @param lanes the ids of their processes
   */
  watchUse(lanes: () => readonly number[]): () => { readonly use?: MachineUse };
}

/** The machine that this process runs on. */
export const thisMachine: WorkerMachine = {
  dial: dialWorkerLink,
  forkLane,
  writeBundle,
  watchVitals: watchOwnVitals,
  readLimits,
  watchUse,
};

function watchOwnVitals(): () => OwnVitals {
  const take = watchVitals();
  return () => {
    const { longDelaysMs: _, ...vitals } = take();
    return vitals;
  };
}

/** Niceness of lanes. Their lower priority lets a starved machine still send heartbeats. */
const LANE_NICE = 5;

function forkLane(heapMb: number | null): ChildProcess {
  const child = fork(new URL('../lane/main.js', import.meta.url), {
    execArgv: [
      // The young generation must hold the data of thousands of requests in flight. With 8 MB,
      // 2,000 connections spent a third of their CPU copying it. Node's default differs by version.
      '--max-semi-space-size=16',
      // Helper threads of the garbage collector would take CPU from other lanes or the target.
      '--single-threaded-gc',
      // A request passes through many small functions. V8's default limits do not inline them all.
      '--max-inlined-bytecode-size=1000',
      '--max-inlined-bytecode-size-cumulative=3000',
      '--inspect-port=0',
      ...(heapMb === null ? [] : [`--max-old-space-size=${heapMb}`]),
    ],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  if (child.pid === undefined) {
    child.on('error', () => {});
    throw new DrumlineError(
      'limits-too-low',
      'a lane process cannot be started: too many open files (ulimit -n) or processes (ulimit -u)',
      'Raise the limit where the worker starts, or start it with fewer --lanes.',
    );
  }
  try {
    setPriority(child.pid, LANE_NICE);
  } catch {
    // Not permitted; the lane runs at the same priority.
  }
  return child;
}
