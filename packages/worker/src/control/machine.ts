import { fork, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import type { MachineLimits, MachineUse } from '@drumline/model';
import { writeBundle, type BundleFile } from '@drumline/scenario/parent';
import { dialWorkerLink, type WorkerLink } from '@drumline/wire';
import type { WorkerToken } from '@drumline/wire/security';
import { watchUse } from '../facts/machine-use.js';
import { readLimits } from '../facts/read-limits.js';
import type { LaneVitals } from '../lane-protocol.js';
import { watchVitals } from '../vitals.js';

/** What the control process needs from its machine. The simulation has another implementation. */
export interface WorkerMachine {
  /** Connects to a master. @param instance identifies this worker, even after it reconnects */
  dial(master: string | Promise<string>, instance: string, token?: WorkerToken | null): WorkerLink;
  /**
   * Starts a lane process, which speaks `LaneOrder` and `LaneNews`. @param heapMb its heap limit,
   * or `null` for Node's default
   */
  forkLane(heapMb: number | null): ChildProcess;
  /** Writes a bundle to a file that lanes can import. */
  writeBundle(code: string): BundleFile;
  /**
   * Starts measuring the control process. Each call of the result returns the vitals since the last
   * one.
   */
  watchVitals(): () => Omit<LaneVitals, 'users' | 'positions'>;
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
  watchVitals,
  readLimits,
  watchUse,
};

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
  try {
    setPriority(child.pid!, LANE_NICE);
  } catch {
    // Not permitted; the lane runs at the same priority.
  }
  return child;
}
