import { Worker } from 'node:worker_threads';
import { messageOf } from '@drumline/model';
import type {
  OutputsAnswer,
  OutputsOrder,
  OutputsThreadData,
  RequestedOutput,
  RequestProblem,
} from './thread/messages.js';

/** An output that needs more ends the thread, not the master. */
const MAX_HEAP_MB = 512;

/** The outputs cannot be used. */
export class Refused extends Error {
  constructor(readonly problems: readonly RequestProblem[]) {
    super('outputs were refused');
  }
}

type ReadyOutputs = Pick<Extract<OutputsAnswer, { kind: 'ready' }>, 'problems' | 'addresses'>;

interface Listener {
  readonly answered: (answer: OutputsAnswer) => void;
  /** Called once, when the thread has ended. */
  readonly ended: (why: string) => void;
}

/** The thread of the outputs, seen from the master. It does not keep the process alive. */
export class ThreadHandle {
  private why = 'it has exited';
  readonly ended: Promise<void>;

  private constructor(
    private readonly worker: Worker,
    /** Problems of optional outputs, and where outputs listen. */
    readonly ready: ReadyOutputs,
  ) {
    this.ended = new Promise((resolve) => worker.on('exit', () => resolve()));
    worker.unref();
  }

  /**
   * Starts a thread whose outputs have reached their services.
   * @param isTrial whether the outputs are only created, and the thread ends
   * @throws Refused if they cannot be used, Error if the thread cannot be started
   */
  static async start(requested: readonly RequestedOutput[], isTrial = false): Promise<ThreadHandle> {
    const workerData: OutputsThreadData = { requested, isTrial };
    const worker = new Worker(new URL('./thread/main.js', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    const answer = await new Promise<OutputsAnswer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('it has exited')));
    });
    if (answer.kind === 'refused') throw new Refused(answer.problems);
    return new ThreadHandle(worker, answer.kind === 'ready' ? answer : { problems: [], addresses: [] });
  }

  listen({ answered, ended }: Listener): void {
    this.worker.on('message', answered);
    this.worker.on('error', (error) => (this.why = messageOf(error)));
    this.worker.on('exit', () => ended(this.why));
  }

  send(order: OutputsOrder): void {
    this.worker.postMessage(order);
  }

  /** Keeps the process alive until the thread has ended. */
  keepAlive(): void {
    this.worker.ref();
  }

  /** Ends the thread, even if it is blocked. */
  terminate(why: string): void {
    this.why = why;
    void this.worker.terminate();
  }
}
