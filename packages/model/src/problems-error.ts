import { DrumlineError } from './errors.js';
import type { PlanProblem } from './plan.js';

/** A scenario with problems, each with its place. The message lists all of them. */
export class ProblemsError extends DrumlineError {
  constructor(
    message: string,
    readonly problems: readonly PlanProblem[],
    hint?: string,
  ) {
    super('scenario-invalid', message, hint);
  }
}
