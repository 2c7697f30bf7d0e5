import type { RunningGenerator } from '../generator.js';
import { launch } from '../launch.js';
import { pinned } from '../machine.js';
import { pidsOf, signalAll } from '../process-tree.js';

/** Starts a program that makes load until it is killed. */
export function startCommand(
  name: string,
  command: readonly string[],
  cores: string | undefined,
): Promise<RunningGenerator> {
  const process = launch(pinned(cores, command));
  return Promise.resolve({
    pid: process.pid,
    assertAlive: () => {
      if (process.ended) throw new Error(`${name} ended by itself: ${process.output.trim().slice(-500)}`);
    },
    hold: () => signalAll(pidsOf(process.pid), 'SIGSTOP'),
    resume: () => signalAll(pidsOf(process.pid), 'SIGCONT'),
    end: async () => {
      await process.kill();
      return undefined;
    },
    kill: () => process.kill(),
  });
}
