import { DrumlineError } from '@drumline/model';
import { parseCommandLine } from '../src/cli/program.js';

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a command in this process, for which it must be too much: as `runCli`, for what ends before
 * anything is printed.
 */
export async function refusalOf(
  args: readonly string[],
  { cwd = process.cwd(), env = {} }: Surroundings = {},
): Promise<DrumlineError> {
  const [cwdBefore, envBefore] = [process.cwd(), process.env];
  process.chdir(cwd);
  process.env = { ...envBefore, ...env };
  try {
    const exitCode = await parseCommandLine(args);
    throw new Error(`drumline ${args.join(' ')} was not refused; it ended with ${exitCode}`);
  } catch (error) {
    if (error instanceof DrumlineError) return error;
    throw error;
  } finally {
    process.env = envBefore;
    process.chdir(cwdBefore);
  }
}
