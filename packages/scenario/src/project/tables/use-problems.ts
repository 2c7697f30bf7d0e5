import { ROW_USES } from '@drumline/model';
import { LEASE_CHOICES } from '../../authoring/leased-rows.js';
import type { TableOptions } from '../../runtime/tables/declarations.js';
import { TableProblem } from './table-problem.js';

/** @throws TableProblem if the options about the use of rows contradict each other */
export function requireUse({ use, whenEmpty, order }: TableOptions): void {
  if (use === undefined) {
    if (whenEmpty === undefined) return;
    throw new TableProblem(
      'whenEmpty belongs to a use of rows',
      "set use: 'once' or use: 'borrow', or pass it to perUser() or perIteration()",
    );
  }
  if (!ROW_USES.includes(use)) throw new TableProblem(`use is ${JSON.stringify(use)}`, listed(ROW_USES));
  const choices: readonly string[] = LEASE_CHOICES[use];
  if (whenEmpty !== undefined && !choices.includes(whenEmpty))
    throw new TableProblem(`whenEmpty is ${JSON.stringify(whenEmpty)} with use: '${use}'`, listed(choices));
  if (order === 'random')
    throw new TableProblem(
      `order: 'random' draws rows several times, but use: '${use}' gives each to one user`,
      "use order: 'shuffled'",
    );
}

function listed(choices: readonly string[]): string {
  return `use ${choices.map((choice) => `'${choice}'`).join(', ')}`;
}
