import { EXIT_CODES } from '@drumline/model';
import type { WorkerOptions } from '@drumline/worker';
import { onInterrupt } from './interrupts.js';

const END_WITHIN_MS = 1_000;

/**
 * Is a worker until the run is over: for `drumline worker`, and for each worker that `drumline run`
 * starts.
 * @returns the exit code; a worker that left before the end of the run has a separate one
 * @throws DrumlineError if the master refused it or went away
 */
export async function runWorkerProcess(options: WorkerOptions): Promise<number> {
  const { startWorker } = await import('@drumline/worker');
  const worker = startWorker(options);
  let cutShort = false;
  const done = onInterrupt({
    first: () => {
      options.log('Leaving: running tasks may finish. Press Ctrl-C again to end at once.');
      worker.leave('interrupted');
    },
    second: () => {
      cutShort = true;
      worker.kill();
      setTimeout(() => process.exit(EXIT_CODES.interrupted.exitCode), END_WITHIN_MS).unref();
    },
  });
  // A worker that another process started ends with it, however that one ended.
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
