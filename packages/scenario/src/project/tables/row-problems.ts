import {
  itemTypes,
  partEndMs,
  startsOf,
  type Load,
  type LoadPart,
  type Plan,
  type PlanProblem,
  type PlanWarning,
} from '@drumline/model';
import type { DataBindings } from '../../authoring/tables.js';
import type { UserType } from '../../authoring/user.js';

/** Tables with fewer rows than users that need one of their own. */
export function findRowProblems(
  { load, userTypes, tables = [] }: Plan,
  users: readonly UserType[],
): PlanProblem[] {
  const bindings = users.flatMap(({ name, spec }) =>
    Object.entries((spec.data ?? {}) as DataBindings).map(([key, binding]) => ({ name, key, binding })),
  );
  const byUser = bindings.filter(({ binding }) => binding.by === 'user' && binding.whenEmpty === undefined);
  if (byUser.length === 0) return [];
  const most = Math.max(...tables.map(({ rows }) => rows), 0);
  const counts = usersByType(load, userTypes, most);
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

/** Tables whose rows are used once, with fewer rows than the load has iterations in all. */
export function findFewRows({ load, tables = [] }: Plan): PlanWarning[] {
  const totals = load.parts.map(({ workload }) => (workload.kind === 'fixed' ? workload.total : undefined));
  if (totals.length === 0 || totals.includes(undefined)) return [];
  const iterations = totals.reduce<number>((sum, total) => sum + (total ?? 0), 0);
  return tables.flatMap(({ name, use, rows, whenEmpty }) => {
    if (use !== 'once' || whenEmpty === 'repeat' || rows >= iterations) return [];
    const message = `${name} has ${rows} rows, but the load has ${iterations} iterations: if each takes a row, ${iterations - rows} find none`;
    const hint = "add rows, lower the number of iterations, or set whenEmpty: 'repeat'";
    return [{ code: 'few-rows', where: 'data', message, hint }];
  });
}

/**
 * How many users of each type the load has, as far as it is known.
 * @param most a part with more users than this need not be counted to the end
 */
function usersByType({ parts }: Load, userTypes: Plan['userTypes'], most: number): number[] {
  const counts = userTypes.map(() => 0);
  for (const part of parts) {
    const inPart = userTypes.map(() => 0);
    for (const type of typesOfUsers(part, userTypes, most)) inPart[type]! += 1;
    inPart.forEach((count, type) => (counts[type] = Math.max(counts[type]!, count)));
  }
  return counts;
}

function typesOfUsers(part: LoadPart, userTypes: Plan['userTypes'], most: number): Iterable<number> {
  const { workload } = part;
  switch (workload.kind) {
    case 'users':
    case 'fixed':
      return itemTypes(part, userTypes);
    case 'iterations':
      return workload.maxUsers === undefined
        ? []
        : itemTypes(part, userTypes, workload.maxUsers).subarray(0, workload.maxUsers);
    case 'arrivals':
      // Each arrival is a user. Without an end, their number is unknown.
      return partEndMs(part) === null ? [] : typesOfArrivals(part, userTypes, most);
  }
}

function* typesOfArrivals(part: LoadPart, userTypes: Plan['userTypes'], most: number): Iterable<number> {
  const starts = startsOf(part, userTypes)!;
  const slots = new Map(Array.from({ length: starts.slots }, (_, slot) => [slot, 0] as const));
  let count = 0;
  for (const { type } of starts.of(slots)) {
    yield type;
    count += 1;
    if (count > most * userTypes.length) return;
  }
}
