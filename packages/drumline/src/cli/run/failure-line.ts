import { EXIT_CODES, outcomeLine, type ExitName } from '@drumline/model';
import type { RunResult } from '@drumline/wire';

/** Why a run did not pass: all that is printed about it with `--quiet`. */
export function failureLine(result: RunResult): string {
  const { verdict, exit, exitCode } = result;
  const { meaning } = EXIT_CODES[exit as ExitName];
  return `${verdict}: ${outcomeLine(result)}; exit ${exitCode} ${exit}: ${meaning}`;
}
