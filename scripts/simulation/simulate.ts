import { restoreClocks } from './world/zero.js';
import { judge } from './invariants/verdict.js';
import { uncountedOf, type Uncounted } from './invariants/uncounted.js';
import { Watch } from './invariants/watch.js';
import { SimulatedCluster } from './simulated-cluster.js';
import type { Schedule } from './schedule.js';
import { installTime } from './world/global-time.js';
import { World } from './world/world.js';

restoreClocks();

/** Time after the last fault within which all runs, grace periods and timeouts must have ended. */
const END_WITHIN_MS = 180_000;
/** Time after the last fault at which a run without a planned end is stopped. */
const STOP_AFTER_CALM_MS = 14_000;

/** The outcome of a schedule. */
export interface Outcome {
  /** Violations; empty if there are none. */
  readonly violations: readonly string[];
  /** The name of the run's exit code. */
  readonly exit: string;
  readonly requests: number;
  /** The requests that the report lacks, with the stated bounds. */
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
    world.at(calmAtMs + STOP_AFTER_CALM_MS, () => master.order((control) => control.stop()));
    const isOver = (): boolean => cluster.isOver || watch.violations.length + violations.length > 0;
    await world.pass(calmAtMs + END_WITHIN_MS, isOver);
    violations.push(...watch.violations);
    if (violations.length === 0) violations.push(...judge(cluster));
    const exit = master.result?.exit ?? master.failure ?? 'none';
    const uncounted = master.result ? uncountedOf(cluster, master.result) : [];
    return { violations, exit, uncounted, requests: target.requests, lastedMs: world.nowMs };
  } finally {
    giveTimeBack();
  }
}
