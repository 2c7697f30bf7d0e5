/**
 * How much a fact matters for a load: `tight` will slow the run or fail a part of it, `breaks` will
 * certainly break it, `unknown` could not be determined.
 */
export const GRADES = ['ok', 'unknown', 'tight', 'breaks'] as const;

export type Grade = (typeof GRADES)[number];

/** The result of one check of a machine, a master or a target. */
export interface Diagnosis {
  /** Name of the check, in lower case: `open files`. */
  readonly check: string;
  readonly grade: Grade;
  /** The value that was read, as text. */
  readonly value: string;
  /** The load that the value allows. */
  readonly allows?: string | undefined;
  /** Why it is `tight` or `breaks`: the end of a sentence that names the check. */
  readonly problem?: string | undefined;
  /** How to fix it: a command or a setting. */
  readonly remedy?: string | undefined;
}

/** The diagnosis of a fact that this system does not have. */
export function unknownHere(check: string): Diagnosis {
  return { check, grade: 'unknown', value: 'not known on this system' };
}

/** The worst grade of all; `ok` if there are none that matter. */
export function worstGrade(diagnoses: readonly Diagnosis[]): 'ok' | 'tight' | 'breaks' {
  if (diagnoses.some(({ grade }) => grade === 'breaks')) return 'breaks';
  return diagnoses.some(({ grade }) => grade === 'tight') ? 'tight' : 'ok';
}
