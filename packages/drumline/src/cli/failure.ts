import { DrumlineError, EXIT_CODES, stackOf } from '@drumline/model';
import pc from 'picocolors';

export const OPEN_FILES_HINT =
  'Raise the limit where the process starts: ulimit -n 4096; --ulimit nofile=4096 of a container; LimitNOFILE=4096 of a systemd service.';

/**
 * Prints an error: the message and hint of a `DrumlineError`, the stack of a defect in Drumline.
 * @returns the exit code
 */
export function reportFailure(problem: unknown): number {
  const error = isOutOfFiles(problem) ? outOfFiles(problem) : problem;
  if (!(error instanceof DrumlineError)) {
    console.error(`${pc.red('internal error:')} please report this with what you did\n${stackOf(error)}`);
    return EXIT_CODES.internal.exitCode;
  }
  console.error(`${pc.red('error:')} ${error.message}`);
  if (error.hint !== undefined) console.error(`${pc.cyan('hint:')} ${error.hint}`);
  if (process.env['DRUMLINE_DEBUG'] !== undefined) console.error(pc.dim(stackOf(error)));
  return error.exitCode;
}

/** Whether this process, or the whole machine, has too many open files. */
export function isOutOfFiles(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}

function outOfFiles(cause: NodeJS.ErrnoException): DrumlineError {
  const who = cause.code === 'EMFILE' ? 'this process has' : 'the processes of this machine have';
  const what = `${who} too many open files (ulimit -n): ${cause.message}`;
  return new DrumlineError('limits-too-low', what, OPEN_FILES_HINT, { cause });
}
