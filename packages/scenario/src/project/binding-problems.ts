import { findUnknownKeys, type PlanProblem } from '@drumline/model';
import { EMPTY_CHOICES, type RowBinding } from '../authoring/tables.js';

/** Problems of the test data of a user type. */
export function findBindingProblems(data: unknown, where: string): PlanProblem[] {
  if (data === undefined) return [];
  if (typeof data !== 'object' || data === null)
    return [{ where, message: 'is not an object', hint: 'data: { account: accounts.perUser() }' }];
  return Object.entries(data).flatMap(([name, binding]: [string, unknown]) => {
    const at = `${where}.${name}`;
    const { kind, whenEmpty, options, use, table } = (binding ?? {}) as Record<string, unknown>;
    const leased = use ?? (table as RowBinding<unknown>['table'] | undefined)?.options.use;
    if (leased !== undefined) {
      const call = leased === 'once' ? 'take' : 'borrow';
      const message = `names rows with use: ${JSON.stringify(leased)}, which belong to no user`;
      return [{ where: at, message, hint: `call await ${call}(…) in a task instead` }];
    }
    if (kind === 'table')
      return [
        { where: at, message: 'does not say who gets which row', hint: 'add .perUser() or .perIteration()' },
      ];
    if (kind !== 'rows')
      return [{ where: at, message: 'is not test data', hint: "data.csv('./accounts.csv').perUser()" }];
    const unknown = findUnknownKeys(options, { whenEmpty: true }).map(({ key, hint }) => ({
      where: `${at}.${key}`,
      message: 'is not an option',
      hint,
    }));
    if (whenEmpty === undefined || EMPTY_CHOICES.includes(whenEmpty as 'repeat')) return unknown;
    const message = `whenEmpty is ${JSON.stringify(whenEmpty)}`;
    return [
      ...unknown,
      { where: at, message, hint: `use ${EMPTY_CHOICES.map((choice) => `'${choice}'`).join(', ')}` },
    ];
  });
}
