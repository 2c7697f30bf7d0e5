import { ApiError, type RunClient } from '@drumline/client';
import { EXIT_CODES, messageOf } from '@drumline/model';
import type { InterruptHandlers } from '../run/interrupts.js';
import type { Screen } from '../run/screen.js';

const AGAIN_AFTER_MS = 1_000;

interface Stopped {
  readonly run: RunClient;
  /** As the commands name it. */
  readonly name: string;
  readonly screen: Pick<Screen, 'print' | 'warn' | 'end'>;
  /** The run is not followed any more. */
  readonly ended: AbortSignal;
}

/** Ctrl-C stops the run gracefully, a second one ends it at once, and a third leaves it. */
export function stopping({ run, name, screen, ended }: Stopped): InterruptHandlers {
  const superseded = new AbortController();
  const order = (send: () => Promise<unknown>, signal: AbortSignal): void =>
    void repeated(send, signal, screen).catch((error: unknown) => screen.warn(messageOf(error)));
  return {
    first: () => {
      screen.print('Stopping: running tasks may finish. Press Ctrl-C again to stop at once.');
      order(() => run.stop(), AbortSignal.any([ended, superseded.signal]));
    },
    second: () => {
      if (superseded.signal.aborted) {
        screen.end();
        screen.warn(`Left: \`drumline k8s delete ${name} --force\` removes the run.`);
        process.exit(EXIT_CODES.interrupted.exitCode);
      }
      superseded.abort();
      screen.print('Stopping at once. Press Ctrl-C again to leave the run to Kubernetes.');
      order(() => run.cancel(), ended);
    },
  };
}

/** Sends an order until the master has it, which may be away. */
async function repeated(
  send: () => Promise<unknown>,
  signal: AbortSignal,
  screen: Pick<Screen, 'print'>,
): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      await send();
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError) || error.code !== 'unreachable') throw error;
      if (attempt === 0) screen.print('The master is away, and gets the order when it is back.');
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
}
