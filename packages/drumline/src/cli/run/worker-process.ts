import { EXIT_CODES } from '@drumline/model';
import type { WorkerOptions } from '@drumline/worker';
import { onInterrupt } from './interrupts.js';

const END_WITHIN_MS = 1_000;

/**
 * Runs a worker until the run is over, for `drumline worker` and `drumline run`.
 * @returns the exit code: `passed`, `handed-over` if the worker left before the end of the run, or
 *   `interrupted`
 * @throws DrumlineError if the master rejects the worker or cannot be reached
 */
export async function runWorkerProcess(options: WorkerOptions): Promise<number> {
  const { startWorker } = await import('@drumline/worker');
  const worker = startWorker(options);
  let cutShort = false;
  const done = onInterrupt({
    first: () => {
      options.log('Leaving: running tasks may finish. Press Ctrl-C again to exit at once.');
      worker.leave('interrupted');
    },
    second: () => {
      cutShort = true;
      worker.kill();
      setTimeout(() => process.exit(EXIT_CODES.interrupted.exitCode), END_WITHIN_MS).unref();
    },
  });
  // A worker of `drumline run` ends with its parent, even if the parent crashed.
  process.once('disconnect', () => {
    worker.kill();
    process.exit(EXIT_CODES.interrupted.exitCode);
  });
  try {
    const how = await worker.finished;
    if (cutShort) return EXIT_CODES.interrupted.exitCode;
    return EXIT_CODES[how === 'left' ? 'handed-over' : 'passed'].exitCode;
  } finally {
    done();
  }
}
