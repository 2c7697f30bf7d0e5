import { describeShape, describePart, type LoadPart, type Plan } from '@drumline/model';
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
    workload: structuredClone(workload) as WorkloadResult,
    text:
      controller?.kind === 'shape'
        ? `${only === undefined ? '' : `${only}: `}${describeShape(controller)}`
        : describePart(part, only),
  };
}
