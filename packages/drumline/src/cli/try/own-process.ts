import { Redactor, type Secrets } from '@drumline/model';

/** What the scenario's code does to the process, reported instead of ending it. */
export interface ProcessEvents {
  /** An error in a callback that nothing catches, or a call of `process.exit`. */
  readonly onError: (what: string, error: unknown) => void;
}

/**
 * Prepares the command's own process for the scenario's code: secrets are masked in what it prints,
 * and it cannot end the process.
 * @returns a function that restores the process
 */
export function hostUserCode(secrets: Secrets, { onError }: ProcessEvents): () => void {
  const restoreOutput = maskOutput(Redactor.of(secrets));
  const onUncaught = (error: unknown): void => onError('an uncaught error', error);
  const onUnhandled = (error: unknown): void => onError('a promise nobody awaited', error);
  process.on('uncaughtException', onUncaught);
  process.on('unhandledRejection', onUnhandled);
  const exitProcess = process.exit.bind(process);
  process.exit = (code) => {
    const error = new Error(`the scenario's code called process.exit(${code ?? ''})`);
    onError('process.exit', error);
    throw error;
  };
  return () => {
    process.exit = exitProcess;
    process.off('uncaughtException', onUncaught);
    process.off('unhandledRejection', onUnhandled);
    restoreOutput();
  };
}

function maskOutput(redactor: Redactor | undefined): () => void {
  if (redactor === undefined) return () => {};
  const restore = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write.bind(stream);
    stream.write = ((chunk: string | Uint8Array, ...rest: never[]) =>
      write(typeof chunk === 'string' ? redactor.text(chunk) : chunk, ...rest)) as typeof stream.write;
    return () => void (stream.write = write);
  });
  return () => restore.forEach((one) => one());
}
