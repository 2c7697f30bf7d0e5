import {
  describeShape,
  describePart,
  isOpen,
  type LoadPart,
  type Plan,
  type Workload,
} from '@drumline/model';
import type { LoadPartResult, WorkloadResult } from '@drumline/wire';

/** A part of the load in the result. */
export function loadPartOf(
  part: LoadPart,
  { userTypes, controller }: Pick<Plan, 'userTypes' | 'controller'>,
): LoadPartResult {
  const { phase, types, startMs, workload } = part;
  const names = types.map((type) => userTypes[type]!.name);
  const only = names.length === 1 && userTypes.length > 1 ? names[0] : undefined;
  return {
    phase,
    userTypes: names,
    startMs,
    workload: workloadOf(workload),
    text:
      controller?.kind === 'shape'
        ? `${only === undefined ? '' : `${only}: `}${describeShape(controller)}`
        : describePart(part, only),
  };
}

function workloadOf(workload: Workload): WorkloadResult {
  const copy = structuredClone(workload);
  if (!isOpen(copy) || copy.order.kind !== 'listed') return copy as WorkloadResult;
  // The number of the table means nothing outside the run.
  const { kind, file, count, speed, shares } = copy.order;
  return { ...copy, order: { kind, file, count, speed, ...(shares && { shares }) } } as WorkloadResult;
}
