import type { WorkerOptions } from '@drumline/worker';
import { reportFailure } from '../failure.js';
import { runWorkerProcess } from './worker-process.js';

/** What `drumline run` tells a worker that it starts, as soon as the master has its port. */
export type LocalWorkerOrder = Omit<WorkerOptions, 'say' | 'print'>;

// Loaded while the master is being set up: the order comes later.
const loading = import('@drumline/worker');
process.once('disconnect', () => process.exit());
// The event does not come again for one who began to listen too late.
if (!process.connected) process.exit();
process.once('message', (order: LocalWorkerOrder) => void join(order));

async function join(order: LocalWorkerOrder): Promise<void> {
  await loading;
  // What the worker itself has to say, the master beside it says already.
  const options = { ...order, say: () => {}, print: (line: string) => console.log(line) };
  process.exitCode = await runWorkerProcess(options).catch(reportFailure);
  process.disconnect?.();
}
