import { restoreClocks } from './world/zero.js';
import { judge } from './invariants/verdict.js';
import { uncountedOf, type Uncounted } from './invariants/uncounted.js';
import { Watch } from './invariants/watch.js';
import { SimulatedCluster } from './simulated-cluster.js';
import type { Schedule } from './schedule.js';
import { installTime } from './world/global-time.js';
import { World } from './world/world.js';

restoreClocks();

/** Time after the last fault within which a run, grace periods and timeouts must have ended. */
const END_WITHIN_MS = 180_000;
/** Time after the last fault, and after its beginning, at which a run is stopped. */
const STOP_AFTER_CALM_MS = 14_000;
const CHECK_STOP_EVERY_MS = 1_000;

/** The outcome of a schedule. */
export interface Outcome {
  /** Violations; empty if there are none. */
  readonly violations: readonly string[];
  /** The names of the exit codes of the runs. */
  readonly exits: readonly string[];
  readonly requests: number;
  /** How much later than due the latest start of an open load was. */
  readonly latestStartMs: number;
  /** The requests that the reports lack, with the stated bounds. */
  readonly uncounted: readonly Uncounted[];
  /** In world time. */
  readonly lastedMs: number;
}

/**
 * Plays a schedule to its end. The same schedule always has the same outcome.
 * @param log receives the log lines of the master and the workers, with their times
 */
export async function simulate(schedule: Schedule, log: (line: string) => void = () => {}): Promise<Outcome> {
  const violations: string[] = [];
  const world = new World((process, error) => {
    violations.push(
      `${process?.name ?? 'the simulation'} threw ${error instanceof Error ? error.stack : String(error)}`,
    );
  });
  const giveTimeBack = installTime(world);
  try {
    const cluster = new SimulatedCluster(world, schedule, (who, line) =>
      log(`${(world.nowMs / 1_000).toFixed(2)} s ${who}: ${line}`),
    );
    const watch = new Watch(world, cluster);
    const { calmAtMs } = schedule;
    const { master, target } = cluster;
    const stop = (): void => {
      for (const [index, { current }] of master.sequences.entries())
        if (world.nowMs - (current?.beganAtMs ?? 0) >= STOP_AFTER_CALM_MS)
          master.order(index, (control) => control.stop());
      if (master.runs.length > 1) world.at(world.nowMs + CHECK_STOP_EVERY_MS, stop);
    };
    world.at(calmAtMs + STOP_AFTER_CALM_MS, stop);
    const isOver = (): boolean => cluster.isOver || watch.violations.length + violations.length > 0;
    await world.pass(calmAtMs + END_WITHIN_MS * master.runs.length, isOver);
    violations.push(...watch.violations);
    if (violations.length === 0) violations.push(...judge(cluster));
    const exits = master.runs.map(({ result, failure }) => result?.exit ?? failure ?? 'none');
    const uncounted = master.runs.flatMap((played) => uncountedOf(target, played));
    const { requests, latestStartMs } = target;
    return { violations, exits, uncounted, requests, latestStartMs, lastedMs: world.nowMs };
  } finally {
    giveTimeBack();
  }
}
