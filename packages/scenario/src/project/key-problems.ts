import { findUnknownKeys, type OptionKeys, type PlanProblem } from '@drumline/model';

/**
 * Finds unknown keys of an options object.
 * @param where path of the object; empty for the scenario itself
 */
export function findKeyProblems(given: unknown, known: OptionKeys, where: string): PlanProblem[] {
  return findUnknownKeys(given, known).map(({ key, hint }) => ({
    where: where === '' ? key : `${where}.${key}`,
    message: 'is not an option',
    hint,
  }));
}
