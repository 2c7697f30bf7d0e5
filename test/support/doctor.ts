import type { Diagnosis, Grade } from '@drumline/model';
import { Drumline, type Launch } from './drumline.js';

/** What `drumline doctor --json` printed. */
export interface DoctorOutcome {
  readonly code: number | null;
  readonly exit: string;
  readonly verdict: Grade;
  readonly checks: readonly Diagnosis[];
  /** The result of one check, by its name. */
  readonly of: (check: string) => Diagnosis | undefined;
}

/** Runs `drumline doctor` and reads its result. */
export async function runDoctor(
  args: readonly string[],
  { env, launcher }: Launch = {},
): Promise<DoctorOutcome> {
  const { code, output } = await new Drumline(['doctor', '--json', ...args], env, launcher).ended;
  try {
    const result = JSON.parse(output) as Omit<DoctorOutcome, 'code' | 'of'>;
    return { code, ...result, of: (check) => result.checks.find((one) => one.check === check) };
  } catch {
    throw new Error(`no result of drumline doctor: ${output}`);
  }
}
