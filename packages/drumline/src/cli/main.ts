import { takeCredentials } from './credentials/read.js';
import { isOutOfFiles, reportFailure } from './failure.js';
import { parseCommandLine } from './program.js';

/** Runs one command and ends the process with its exit code. */
export async function runCli(args: readonly string[]): Promise<never> {
  // The reader of the output may close the pipe, as `head` does. The run must survive that.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  // Any step may lack a file, also one whose error nothing handles.
  process.on('uncaughtExceptionMonitor', (error) => {
    if (isOutOfFiles(error)) process.exit(reportFailure(error));
  });
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
