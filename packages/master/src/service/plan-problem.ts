import type { SubmittedPlan } from '@drumline/wire';

/** What makes a plan from another process inconsistent; undefined if nothing does. */
export function findPlanProblem({ userTypes, laneGroups, load }: SubmittedPlan): string | undefined {
  const groups = new Set(laneGroups.map(({ name }) => name));
  const stray = userTypes.find(({ laneGroup }) => !groups.has(laneGroup));
  if (stray) return `the user type ${stray.name} is in the unknown lane group ${stray.laneGroup}`;
  if (load.parts.length === 0) return 'its load has no parts';
  for (const { types, follows = [] } of load.parts) {
    if (types.length === 0 || types.some((type) => type >= userTypes.length))
      return 'a part of its load names an unknown user type';
    if (follows.some((part) => part >= load.parts.length))
      return 'a part of its load follows an unknown part';
  }
  return undefined;
}
