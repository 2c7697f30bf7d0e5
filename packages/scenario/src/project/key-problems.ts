import { findUnknownKeys, type OptionKeys, type PlanProblem } from '@drumline/model';

/**
 * The keys of an object that have no effect.
 * @param where its path; empty for the scenario itself
 */
export function findKeyProblems(given: unknown, known: OptionKeys, where: string): PlanProblem[] {
  return findUnknownKeys(given, known).map(({ key, hint }) => ({
    where: where === '' ? key : `${where}.${key}`,
    message: 'there is no such option',
    hint,
  }));
}
