import { fileURLToPath } from 'node:url';
import { launch } from '../harness/launch.js';
import { pinned } from '../harness/machine.js';
import type { Truth } from './processes/truth-server.js';

/** A running server with a known delay. */
export interface TruthTarget {
  readonly url: string;
  /** Clears its record. */
  reset(): void;
  /** The real durations of its answers since the last reset. */
  report(): Promise<Truth>;
  close(): Promise<void>;
}

/** Starts a server that answers everything after `delayMs`. */
export async function startTruthTarget(delayMs: number, cores: string | undefined): Promise<TruthTarget> {
  const script = fileURLToPath(new URL('processes/truth-server.js', import.meta.url));
  const server = launch(pinned(cores, [process.execPath, script, `${delayMs}`]), { ipc: true });
  const askers: ((message: unknown) => void)[] = [];
  server.onMessage((message) => askers.shift()?.(message));
  const answer = <T>(): Promise<T> =>
    new Promise((resolve) => askers.push(resolve as (message: unknown) => void));
  const { url } = await answer<{ url: string }>();
  return {
    url,
    reset: () => server.send('reset'),
    report: () => {
      server.send('report');
      return answer();
    },
    close: () => server.kill(),
  };
}
