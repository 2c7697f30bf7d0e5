import type { WorkerOptions } from '@drumline/worker';
import { reportFailure } from '../failure.js';
import { runWorkerProcess } from './worker-process.js';

/** Options of a worker of `drumline run`. The master's address follows in a message. */
export type LocalWorkerOrder = Omit<WorkerOptions, 'log' | 'print' | 'master'>;

process.once('disconnect', () => process.exit());
// The parent may have disconnected before the listener was added.
if (!process.connected) process.exit();

// The lanes start at once, while the master starts.
const master = new Promise<string>((resolve) =>
  process.once('message', (address) => resolve(address as string)),
);
const order = JSON.parse(process.argv[2]!) as LocalWorkerOrder;
// The master logs the events of this worker in the same terminal.
const output = { log: () => {}, print: (line: string) => console.log(line) };
process.exitCode = await runWorkerProcess({ ...order, ...output, master }).catch(reportFailure);
process.disconnect?.();
