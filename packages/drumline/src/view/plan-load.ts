import {
  describeFindLimit,
  describeShape,
  describePart,
  formatDuration,
  itemTypes,
  loadEndMs,
  longestLimitMs,
  workloadDurationMs,
  type LoadPart,
  type Plan,
} from '@drumline/model';
import { formatCount } from './format.js';

/** The load of a plan as rows of a table: a sentence for each part. */
export function loadRows({ load, userTypes, controller }: Plan): string[][] {
  if (controller?.kind === 'findLimit') return [['load', `find the limit ${describeFindLimit(controller)}`]];
  if (controller?.kind === 'shape') return [['load', describeShape(controller)]];
  return load.parts.map((part, index) => [
    index === 0 ? 'load' : '',
    describePart(part, ownType(part, userTypes)?.name),
  ]);
}

/** The user types of a plan as rows of a table, with their share of the load. */
export function userRows({ userTypes, load, controller }: Plan): string[][] {
  const [first] = load.parts;
  const counts = userTypes.map(() => 0);
  const isShape = controller?.kind === 'shape';
  const isClosed = !isShape && load.parts.length === 1 && first!.workload.kind === 'users';
  if (isClosed) for (const type of itemTypes(first!, userTypes)) counts[type]! += 1;
  return userTypes.flatMap((type, index) => {
    const { name, weight, fixedCount, tasks } = type;
    const parts = load.parts.filter(({ types }) => types.includes(index));
    const facts = [
      ...(parts.length === 0
        ? ['no load']
        : !isShape && parts.every((part) => ownType(part, userTypes))
          ? ['its own load']
          : [fixedCount === undefined ? `weight ${weight}` : `always ${formatCount(fixedCount)}`]),
      ...(isClosed ? [`${formatCount(counts[index]!)} at the peak`] : []),
    ];
    return [
      [index === 0 ? 'users' : '', `${name}: ${facts.join(', ')}`],
      ['', `  ${tasks.join(', ')}`],
    ];
  });
}

/** How long the run lasts: `10m`, `at most 2m`, `until stopped`. */
export function lengthText({ load, controller }: Plan): string {
  const endMs = loadEndMs(load);
  const isFixed = load.parts.some(({ workload }) => workload.kind === 'fixed');
  if (controller?.kind === 'findLimit' && endMs === null)
    return `until the limit is found, at most about ${formatDuration(longestLimitMs(controller))}`;
  const isShape = controller?.kind === 'shape';
  if (endMs !== null) return `${isFixed || isShape ? 'at most ' : ''}${formatDuration(endMs)}`;
  if (isShape) return 'until shape() returns null';
  const isEndless = load.parts.some(
    ({ workload }) => workload.kind !== 'fixed' && workloadDurationMs(workload) === null,
  );
  return isEndless ? 'until stopped' : 'until all iterations are done';
}

/** The user type that has a part for itself, if there are several types. */
function ownType({ types }: LoadPart, userTypes: Plan['userTypes']): Plan['userTypes'][number] | undefined {
  return types.length === 1 && userTypes.length > 1 ? userTypes[types[0]!] : undefined;
}
