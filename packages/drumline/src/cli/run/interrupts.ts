/** What a person can do to a running command. */
export interface InterruptHandlers {
  /** The first Ctrl-C, SIGTERM, or the end of the terminal: end well. */
  readonly first: () => void;
  /** The second: end now. */
  readonly second: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @returns a function that gives the signals back their usual meaning */
export function onInterrupt({ first, second }: InterruptHandlers): () => void {
  let count = 0;
  const listener = (): void => {
    count += 1;
    if (count === 1) first();
    else second();
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
}
