import type { WorkerOptions } from '@drumline/worker';
import { reportFailure } from '../failure.js';
import { runWorkerProcess } from './worker-process.js';

/** The options of a worker that `drumline run` starts. A message brings the master's address. */
export type LocalWorkerOrder = Omit<WorkerOptions, 'log' | 'print' | 'master'>;

process.once('disconnect', () => process.exit());
// The parent may have disconnected before the listener was added.
if (!process.connected) process.exit();

// The lanes start at once, while the master is being set up.
const master = new Promise<string>((resolve) =>
  process.once('message', (address) => resolve(address as string)),
);
const order = JSON.parse(process.argv[2]!) as LocalWorkerOrder;
// The master in the same terminal already logs the events of this worker.
const words = { log: () => {}, print: (line: string) => console.log(line) };
process.exitCode = await runWorkerProcess({ ...order, ...words, master }).catch(reportFailure);
process.disconnect?.();
