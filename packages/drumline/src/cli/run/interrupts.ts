import { EXIT_CODES } from '@drumline/model';

/** Reactions of a command to signals. */
export interface InterruptHandlers {
  /** The first SIGINT (Ctrl-C), SIGTERM or SIGHUP: end gracefully. */
  readonly first: (signal: NodeJS.Signals) => void;
  /** The second signal: end at once. */
  readonly second: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Removes the handlers that were set before. */
let removeFormer = (): void => {};

/**
 * Handles signals until the returned function is called. From then on, the first signal is ignored,
 * to keep the exit code, and the second ends the process at once. The handlers replace those that
 * were set before.
 */
export function onInterrupt(handlers: InterruptHandlers): () => void {
  removeFormer();
  let { first, second } = handlers;
  let count = 0;
  const listener = (signal: NodeJS.Signals): void => {
    count += 1;
    if (count === 1) first(signal);
    else second();
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  removeFormer = () => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
  return () => {
    count = 0;
    first = () => {};
    second = () => process.exit(EXIT_CODES.interrupted.exitCode);
  };
}
