import { fork, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { writeBundle, type BundleFile } from '@drumline/scenario/runtime';
import { dialWorkerLink, type WorkerLink } from '@drumline/wire';
import type { WorkerToken } from '@drumline/wire/security';
import type { LaneVitals } from '../lane-protocol.js';
import { watchVitals } from '../vitals.js';

/** What a worker's control process asks of the machine it is on; the simulation is a machine of its own. */
export interface WorkerMachine {
  /** @param instance names this worker's connection to the master, also after reconnecting */
  dial(master: string | Promise<string>, instance: string, token?: WorkerToken | null): WorkerLink;
  /** Starts the process of a lane, which speaks `LaneOrder` and `LaneNews`. @param heapMb its heap limit, or `null` for Node's own */
  forkLane(heapMb: number | null): ChildProcess;
  /** Makes a bundle a file that lanes can import. */
  writeBundle(code: string): BundleFile;
  /** Reads how the control process itself is: since the last reading. */
  watchVitals(): () => Omit<LaneVitals, 'users'>;
}

/** The machine that this process runs on. */
export const thisMachine: WorkerMachine = { dial: dialWorkerLink, forkLane, writeBundle, watchVitals };

/** Lanes run at a lower priority than the control process, so that a starved machine still has a heartbeat. */
const LANE_NICE = 5;

function forkLane(heapMb: number | null): ChildProcess {
  const child = fork(new URL('../lane/main.js', import.meta.url), {
    execArgv: [
      // The nursery must hold what thousands of requests in flight hold, or they are copied about: with 8 MB, 2,000 connections spent a
      // third of their CPU on that. Node's own size depends on its version.
      '--max-semi-space-size=16',
      // A lane has a core: helpers of its garbage collector would take that of the lane, or of the target, next door.
      '--single-threaded-gc',
      // A request passes through many small functions: with V8's own limits not all of them become one.
      '--max-inlined-bytecode-size=1000',
      '--max-inlined-bytecode-size-cumulative=3000',
      '--enable-source-maps',
      '--inspect-port=0',
      ...(heapMb === null ? [] : [`--max-old-space-size=${heapMb}`]),
    ],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  try {
    setPriority(child.pid!, LANE_NICE);
  } catch {
    // Not allowed here; the lane runs at the same priority.
  }
  return child;
}
