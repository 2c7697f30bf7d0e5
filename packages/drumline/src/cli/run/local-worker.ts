import type { WorkerOptions } from '@drumline/worker';
import { reportFailure } from '../failure.js';
import { runWorkerProcess } from './worker-process.js';

/** What `drumline run` tells a worker that it starts; the master's address follows as a message. */
export type LocalWorkerOrder = Omit<WorkerOptions, 'log' | 'print' | 'master'>;

process.once('disconnect', () => process.exit());
// The event does not come again for one who began to listen too late.
if (!process.connected) process.exit();

// The lanes start at once, while the master is being set up.
const master = new Promise<string>((resolve) =>
  process.once('message', (address) => resolve(address as string)),
);
const order = JSON.parse(process.argv[2]!) as LocalWorkerOrder;
// What the worker itself has to say, the master beside it says already.
const words = { log: () => {}, print: (line: string) => console.log(line) };
process.exitCode = await runWorkerProcess({ ...order, ...words, master }).catch(reportFailure);
process.disconnect?.();
