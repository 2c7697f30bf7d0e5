import { takeCredentials } from './credentials/given.js';
import { reportFailure } from './failure.js';
import { parseCommandLine } from './program.js';

/** Runs one command and ends the process with its exit code. */
export async function runCli(args: readonly string[]): Promise<never> {
  // Whoever reads our output may go away, as `head` does; a run is not lost to that.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  takeCredentials(process.env);
  const exitCode = await parseCommandLine(args).catch(reportFailure);
  await flushed(process.stdout);
  await flushed(process.stderr);
  process.exit(exitCode);
}

async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write('', () => resolve());
  });
}
