import { DrumlineError, formatDuration, type Millis } from '@drumline/model';
import { describe } from './lost-master.js';
import type { RunShare } from './run-share.js';
import type { WorkerLanes } from './worker-lanes.js';

/**
 * Lanes of a dropped run have ended long before: they are asked to stop, and killed after nine
 * seconds. Later, only the system can keep them.
 */
const STUCK_AFTER_MS: Millis = 20_000;
/** Counted in steps, so that a stall of this process counts as one of them. */
const STEP_MS: Millis = 1_000;

interface Parts {
  readonly log: (line: string) => void;
  /** The processes of a run cannot be ended. */
  readonly stuck: (error: DrumlineError) => void;
}

/** Runs that the worker is no longer in, until their lanes have ended. */
export class DroppedRuns {
  /** Resolves when the lanes of all dropped runs have ended. */
  gone: Promise<void> | undefined;
  private readonly runs = new Set<RunShare>();

  constructor(private readonly parts: Parts) {}

  /** Whether lanes of a dropped run have not ended. */
  get isEnding(): boolean {
    return this.runs.size > 0;
  }

  /** The dropped run of these lanes, if there is one. */
  of(lanes: WorkerLanes): RunShare | undefined {
    return [...this.runs].find((run) => run.lanes === lanes);
  }

  /** Ends the lanes of a run. They may still hand over counts. @returns resolves when they ended */
  drop(run: RunShare): Promise<void> {
    this.runs.add(run);
    this.gone = this.end(run);
    return this.gone;
  }

  /** Waits for no lane any longer than it takes to kill it. */
  endNow(): void {
    for (const { lanes } of this.runs) void lanes.end();
  }

  private async end(run: RunShare): Promise<void> {
    const { lanes } = run;
    const { log, stuck } = this.parts;
    let waitedMs = 0;
    const timer = setInterval(() => {
      waitedMs += STEP_MS;
      if (waitedMs === STUCK_AFTER_MS) stuck(whyStuck(lanes));
    }, STEP_MS);
    await lanes.drain(0, false, 0);
    await lanes.end();
    clearInterval(timer);
    this.runs.delete(run);
    const { undelivered } = run.outbox;
    if (undelivered) log(`Not delivered to a master: ${describe(undelivered)}.`);
  }
}

function whyStuck({ pids }: WorkerLanes): DrumlineError {
  return new DrumlineError(
    'worker-lost',
    `Lane processes of an earlier run could not be ended within ${formatDuration(STUCK_AFTER_MS)}: ${pids.join(', ')}. This worker leaves, because no other run may share the machine with them.`,
    'Check whether these processes wait for a disk or a network file system, then restart the worker.',
  );
}
