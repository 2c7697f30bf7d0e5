import { DrumlineError } from '@drumline/model';
import { parseCommandLine } from '../src/cli/program.js';

interface Environment {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a command in this process and returns its error. Faster than `runCli`. The command must fail
 * before it prints anything.
 */
export async function errorOf(
  args: readonly string[],
  { cwd = process.cwd(), env = {} }: Environment = {},
): Promise<DrumlineError> {
  const [cwdBefore, envBefore] = [process.cwd(), process.env];
  process.chdir(cwd);
  process.env = { ...envBefore, ...env };
  try {
    const exitCode = await parseCommandLine(args);
    throw new Error(`drumline ${args.join(' ')} did not fail; its exit code is ${exitCode}`);
  } catch (error) {
    if (error instanceof DrumlineError) return error;
    throw error;
  } finally {
    process.env = envBefore;
    process.chdir(cwdBefore);
  }
}
