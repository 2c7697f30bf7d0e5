import { EXIT_CODES } from '@drumline/model';

/** What a person can do to a running command. */
export interface InterruptHandlers {
  /** The first Ctrl-C, SIGTERM, or the end of the terminal: end gracefully. */
  readonly first: (signal: NodeJS.Signals) => void;
  /** The second: end now. */
  readonly second: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * @returns a function to call when the work is done. From then on, the first signal is ignored, to
 *   keep the exit code; the second ends the process immediately
 */
export function onInterrupt(handlers: InterruptHandlers): () => void {
  let { first, second } = handlers;
  let count = 0;
  const listener = (signal: NodeJS.Signals): void => {
    count += 1;
    if (count === 1) first(signal);
    else second();
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return () => {
    count = 0;
    first = () => {};
    second = () => process.exit(EXIT_CODES.interrupted.exitCode);
  };
}
