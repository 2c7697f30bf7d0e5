import { itemTypes, type Plan, type PlanProblem } from '@drumline/model';
import type { DataBindings } from '../../authoring/tables.js';
import type { UserType } from '../../authoring/user.js';

/** Tables with fewer rows than users that need one of their own. */
export function findRowProblems(
  { load, userTypes, tables = [] }: Plan,
  users: readonly UserType[],
): PlanProblem[] {
  const counts = userTypes.map(() => 0);
  for (const part of load.parts) {
    if (part.workload.kind !== 'users') continue;
    const inPart = userTypes.map(() => 0);
    for (const type of itemTypes(part, userTypes)) inPart[type]! += 1;
    inPart.forEach((count, type) => (counts[type] = Math.max(counts[type]!, count)));
  }
  const bindings = users.flatMap(({ name, spec }) =>
    Object.entries((spec.data ?? {}) as DataBindings).map(([key, binding]) => ({ name, key, binding })),
  );
  const byUser = bindings.filter(({ binding }) => binding.by === 'user' && binding.whenEmpty === undefined);
  return byUser.flatMap(({ name, key, binding }) => {
    const { ordinal } = binding.table;
    const table = tables[ordinal];
    const own = counts[userTypes.findIndex((type) => type.name === name)] ?? 0;
    const sharers = byUser.filter((other) => other.binding.table.ordinal === ordinal).length;
    const needed = own * sharers;
    if (table === undefined || needed <= table.rows) return [];
    const shared = sharers > 1 ? `, and ${sharers} user types share the rows` : '';
    return [
      {
        where: `users: ${name}.data.${key}`,
        message: `${table.name} has ${table.rows} rows, but the load has up to ${own} users of this type${shared}`,
        hint: `add rows, or set perUser({ whenEmpty: 'repeat' })`,
      },
    ];
  });
}
