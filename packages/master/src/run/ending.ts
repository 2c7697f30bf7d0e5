import {
  DrumlineError,
  findCapacityProblem,
  formatDuration,
  type ExitName,
  type Plan,
} from '@drumline/model';
import type { WorkerRecord } from '../cluster/registry.js';
import type { Verdict } from '@drumline/wire';
import type { Losses } from './losses.js';
import type { Notebook } from './notebook.js';
import type { MasterOptions } from '../options.js';

/**
 * What ended a run. `planned` is also an order to stop where the plan has no end of its own; `requested` is an order to stop
 * before the planned end; `scenario` is the scenario's own order.
 */
export type Ending = 'planned' | 'requested' | 'interrupted' | 'worker-lost' | 'target-down' | 'scenario';

/** What a run counted, as far as its exit code depends on it. */
export interface Counted {
  /** Requests, checks and exceptions that failed. */
  readonly failed: number;
  /** Whether there is any request that ended, check, metric or exception. */
  readonly measured: boolean;
}

/**
 * How the program ends, from what happened. What makes the numbers incomplete outweighs what they say, failures outweigh an
 * early end, and numbers that are missing altogether outweigh it too.
 */
export function exitOf(
  ending: Ending,
  notes: Pick<Notebook, 'has'>,
  losses: Pick<Losses, 'leaveSomethingUncounted'>,
  { failed, measured }: Counted,
): ExitName {
  if (ending === 'interrupted' || ending === 'worker-lost') return ending;
  // A worker that came back and delivered everything is a note, and no failure.
  if (losses.leaveSomethingUncounted || notes.has('lane-crashed') || notes.has('reports-missing'))
    return 'worker-lost';
  if (ending === 'target-down') return 'target-down';
  if (failed > 0) return 'requests-failed';
  if (!measured) return 'nothing-measured';
  if (ending === 'requested') return 'stopped-early';
  return ending === 'scenario' ? 'stopped-by-scenario' : 'passed';
}

const VERDICTS: Partial<Record<ExitName, Verdict>> = {
  passed: 'passed',
  'nothing-measured': 'nothing-measured',
  'stopped-early': 'stopped-early',
  'stopped-by-scenario': 'stopped-early',
};

/** The verdict that goes with an exit code. */
export function verdictOf(exit: ExitName, { failed, measured }: Counted): Verdict {
  if (exit === 'interrupted' && failed === 0) return measured ? 'stopped-early' : 'nothing-measured';
  return VERDICTS[exit] ?? 'failed';
}

interface GatheringRun {
  readonly cluster: { readonly registry: { readonly present: readonly WorkerRecord[] } };
  readonly options: MasterOptions;
  readonly link: { readonly address: string };
}

/** Fewer workers than expected are there when the wait is over. */
export function workersNeverCame({ cluster, options, link }: GatheringRun): DrumlineError {
  const came = cluster.registry.present.length;
  const { expectWorkers, expectWorkersMaxWaitMs } = options;
  return new DrumlineError(
    'workers-never-came',
    `${came} of ${expectWorkers} expected workers were there after ${formatDuration(expectWorkersMaxWaitMs!)}.`,
    `Start them with \`drumline worker --master ${link.address}\`, expect fewer, or wait longer with --expect-workers-max-wait.`,
  );
}

/** The load asks for more users than these workers can hold; nothing if it does not. */
export function tooManyUsers({ load }: Plan, workers: readonly WorkerRecord[]): DrumlineError | undefined {
  const lanes = workers.reduce((sum, { laneGroups }) => sum + laneGroups.length, 0);
  const problem = findCapacityProblem(load, lanes);
  return problem && new DrumlineError('usage', `${problem.message}.`, problem.hint);
}

/** What to say when nothing can be stored any more. @param elapsedMs of the run, once it has begun */
export function storeLost(why: string, elapsedMs: number | undefined): string {
  const since = elapsedMs === undefined ? '' : ` from ${formatDuration(elapsedMs)} on`;
  return `The run is not stored any more: ${why} What is counted${since} is lost if this master dies before the end.`;
}
