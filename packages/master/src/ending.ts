import type { ExitName } from '@drumline/model';
import type { Notebook } from './notebook.js';

/** Who or what ended a run. */
export type Ending = 'planned' | 'requested' | 'interrupted';

/** How the program ends, from what happened. What makes the numbers incomplete outweighs what they say. */
export function exitOf(ending: Ending, notes: Notebook, failed: number): ExitName {
  if (ending === 'interrupted') return 'interrupted';
  if (notes.has('worker-lost') || notes.has('lane-crashed') || notes.has('reports-missing'))
    return 'worker-lost';
  return failed > 0 ? 'requests-failed' : 'passed';
}
