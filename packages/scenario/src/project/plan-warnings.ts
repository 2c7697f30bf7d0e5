import { fixedCountMismatch, peakUsers, type Plan, type PlanWarning } from '@drumline/model';

/** What is probably not meant in a plan that can be run. */
export function findPlanWarnings({ userTypes, load }: Plan): PlanWarning[] {
  const mismatch = fixedCountMismatch(userTypes, peakUsers(load));
  if (mismatch === undefined) return [];
  const hint = 'change fixedCount or --users, or give a user type a weight in place of a fixed count';
  return [{ code: 'fixed-counts', where: 'users', message: mismatch, hint }];
}
