import { DrumlineError, formatDuration, type ExitName } from '@drumline/model';
import type { Losses } from './losses.js';
import type { Notebook } from './notebook.js';
import type { MasterOptions } from '../options.js';

/** Who or what ended a run. */
export type Ending = 'planned' | 'requested' | 'interrupted' | 'worker-lost';

/** How the program ends, from what happened. What makes the numbers incomplete outweighs what they say. */
export function exitOf(ending: Ending, notes: Notebook, losses: Losses, failed: number): ExitName {
  if (ending === 'interrupted' || ending === 'worker-lost') return ending;
  // A worker that came back and delivered everything is a note, and no failure.
  if (losses.leaveSomethingUncounted || notes.has('lane-crashed') || notes.has('reports-missing'))
    return 'worker-lost';
  return failed > 0 ? 'requests-failed' : 'passed';
}

/** @param address where workers join */
export function workersNeverCame(
  came: number,
  { expectWorkers, expectWorkersMaxWaitMs }: MasterOptions,
  address: string,
): DrumlineError {
  return new DrumlineError(
    'workers-never-came',
    `${came} of ${expectWorkers} expected workers were there after ${formatDuration(expectWorkersMaxWaitMs!)}.`,
    `Start them with \`drumline worker --master ${address}\`, expect fewer, or wait longer with --expect-workers-max-wait.`,
  );
}
