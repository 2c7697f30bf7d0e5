import { judgeMachine, worstGrade, type Diagnosis, type MachineRole } from '@drumline/model';
import { watchLimits } from '@drumline/worker/facts';
import type { DoctorLoad } from './load.js';

/** The result of `drumline doctor`, which `--json` prints. */
export interface Examination extends DoctorLoad {
  readonly role: MachineRole;
  readonly checks: readonly Diagnosis[];
  /** The worst grade of all checks. */
  readonly verdict: 'ok' | 'tight' | 'breaks';
}

export async function examine(role: MachineRole, load: DoctorLoad): Promise<Examination> {
  const checks = judgeMachine(await watchLimits(), role, load.needs);
  return { role, ...load, checks, verdict: worstGrade(checks) };
}
