import { DrumlineError, findCapacityProblem, formatDuration, type Plan } from '@drumline/model';
import type { WorkerRecord } from '../cluster/registry.js';
import type { MasterOptions } from '../options.js';

/** The parts of a run that show whether its workers are ready. */
export interface GatheringRun {
  readonly plan: Plan | undefined;
  readonly cluster: {
    readonly ready: readonly WorkerRecord[];
    /** Why workers could not load the scenario, by worker name. */
    readonly excluded: ReadonlyMap<string, string>;
    readonly registry: { readonly present: readonly WorkerRecord[] };
  };
  readonly options: Pick<MasterOptions, 'expectWorkers' | 'expectWorkersMaxWaitMs'>;
  readonly link: { readonly address: string };
}

/**
 * Whether the run can begin. Does not wait for workers that cannot load the scenario.
 * @returns an error if it can never begin: no worker can load the scenario, or the load is too
 * large for all of them
 */
export function isGathered({ plan, cluster, options }: GatheringRun): boolean | DrumlineError {
  const { ready, excluded, registry } = cluster;
  if (ready.length + excluded.size < options.expectWorkers) return false;
  if (ready.length > 0) return tooManyUsers(plan!, ready) ?? true;
  if (registry.present.length > 0) return false;
  const problems = [...excluded].map(([name, problem]) => couldNotLoad(name, problem));
  return new DrumlineError('setup-failed', problems.join('\n'));
}

export function couldNotLoad(worker: string, problem: string): string {
  return `Worker ${worker} could not load the scenario: ${problem}`;
}

/** The error when too few workers are ready at the end of the wait. */
export function workersNeverCame({ cluster, options, link }: GatheringRun): DrumlineError {
  const { expectWorkers, expectWorkersMaxWaitMs } = options;
  return new DrumlineError(
    'workers-never-came',
    `${cluster.registry.present.length} of ${expectWorkers} expected workers connected within ${formatDuration(expectWorkersMaxWaitMs!)}.`,
    `Start them with \`drumline worker --master ${link.address}\`, lower --expect-workers, or raise --expect-workers-max-wait.`,
  );
}

function tooManyUsers({ load }: Plan, workers: readonly WorkerRecord[]): DrumlineError | undefined {
  const lanes = workers.reduce((sum, { laneGroups }) => sum + laneGroups.length, 0);
  const problem = findCapacityProblem(load, lanes);
  return problem && new DrumlineError('usage', `${problem.message}.`, problem.hint);
}
