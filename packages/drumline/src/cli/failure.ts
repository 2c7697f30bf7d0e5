import { DrumlineError, EXIT_CODES, stackOf } from '@drumline/model';
import pc from 'picocolors';

/**
 * Prints an error: the message and hint of a `DrumlineError`, the stack of a defect in Drumline.
 * @returns the exit code
 */
export function reportFailure(error: unknown): number {
  if (!(error instanceof DrumlineError)) {
    console.error(`${pc.red('internal error:')} please report this with what you did\n${stackOf(error)}`);
    return EXIT_CODES.internal.exitCode;
  }
  console.error(`${pc.red('error:')} ${error.message}`);
  if (error.hint !== undefined) console.error(`${pc.cyan('hint:')} ${error.hint}`);
  if (process.env['DRUMLINE_DEBUG'] !== undefined) console.error(pc.dim(stackOf(error)));
  return error.exitCode;
}
