import { Worker } from 'node:worker_threads';
import type { NumberedOrder, ReadSeries, SeriesAnswer, SeriesOrder } from './series-messages.js';

/** The thread ends after this time without an order. */
const IDLE_MS = 120_000;

interface Waiting {
  readonly resolve: (series: readonly ReadSeries[]) => void;
  readonly reject: (error: Error) => void;
}

/** Reads series of run files in a thread, so that neither the master nor its store waits. */
class SeriesReader {
  private thread: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;
  private number = 0;
  private readonly waiting = new Map<number, Waiting>();

  async read(order: SeriesOrder): Promise<readonly ReadSeries[]> {
    clearTimeout(this.idle);
    this.thread ??= this.start();
    const number = ++this.number;
    this.thread.ref();
    this.thread.postMessage({ number, ...order } satisfies NumberedOrder);
    return new Promise((resolve, reject) => this.waiting.set(number, { resolve, reject }));
  }

  private start(): Worker {
    const thread = new Worker(new URL('./series-thread.js', import.meta.url));
    thread.on('message', (answer: SeriesAnswer) => this.receive(answer));
    thread.on('error', (error) => this.fail(error));
    return thread;
  }

  private receive({ number, series, problem }: SeriesAnswer): void {
    const { resolve, reject } = this.waiting.get(number)!;
    this.waiting.delete(number);
    if (series) resolve(series);
    else reject(new Error(problem));
    if (this.waiting.size > 0) return;
    this.thread?.unref();
    this.idle = setTimeout(() => this.end(), IDLE_MS).unref();
  }

  private fail(error: Error): void {
    this.thread = undefined;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  private end(): void {
    void this.thread?.terminate();
    this.thread = undefined;
  }
}

/** What the thread has read is shared by all runs of the process. */
const reader = new SeriesReader();

/** @throws Error if the file cannot be read */
export async function readSeriesSteps(order: SeriesOrder): Promise<readonly ReadSeries[]> {
  return await reader.read(order);
}
