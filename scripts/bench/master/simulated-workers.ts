import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { launch, type Launched } from '../harness/launch.js';
import {
  sumOf,
  type Protocol,
  type WorkerCounts,
  type WorkerLoad,
  type WorkersCommand,
  type WorkersOrder,
} from './workers/load.js';

/** libzmq allows 1,023 sockets in a process. */
const PER_PROCESS = 500;
const JOIN_WITHIN_MS = 120_000;
const DELIVER_WITHIN_MS = 60_000;
const PROCESS = fileURLToPath(new URL('workers/process.js', import.meta.url));

/** Simulated workers in separate processes. */
export class SimulatedWorkers {
  private readonly processes: WorkersProcess[] = [];
  private workers = 0;

  constructor(
    private readonly protocol: Protocol,
    private readonly address: string,
    private readonly load: WorkerLoad,
  ) {}

  get pids(): number[] {
    return this.processes.map(({ pid }) => pid);
  }

  /**
   * Starts more workers.
   * @returns how long all of them took to join, milliseconds
   */
  async join(count: number): Promise<number> {
    const { protocol, address, load } = this;
    const processes = Math.ceil(count / PER_PROCESS);
    const added = Array.from({ length: processes }, (_, index) => {
      const from = this.workers + Math.floor((index * count) / processes);
      const to = this.workers + Math.floor(((index + 1) * count) / processes);
      return new WorkersProcess({ ...load, protocol, address, from, workers: to - from });
    });
    this.processes.push(...added);
    this.workers += count;
    await Promise.all(added.map(({ ready }) => ready));
    const startedMs = performance.now();
    for (const process of added) process.command('join');
    const { running } = await this.until((counts) => counts.running === this.workers, JOIN_WITHIN_MS);
    if (running < this.workers)
      throw new Error(`only ${running} of ${this.workers} workers joined within ${JOIN_WITHIN_MS / 1_000} s`);
    return performance.now() - startedMs;
  }

  /** Also restarts the lists of round trips. */
  async counts(): Promise<WorkerCounts> {
    return sumOf(await Promise.all(this.processes.map((process) => process.counts())));
  }

  /** Ends the load, and waits until all reports are acknowledged or the time limit is over. */
  async finish(): Promise<void> {
    for (const process of this.processes) process.command('finish');
    await this.until(({ ackedEntries, entries }) => ackedEntries === entries, DELIVER_WITHIN_MS);
  }

  async kill(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.kill()));
  }

  /** @returns the counts for which the condition holds, or those at the time limit */
  private async until(condition: (counts: WorkerCounts) => boolean, withinMs: number): Promise<WorkerCounts> {
    for (const endMs = performance.now() + withinMs; ; await pause(250)) {
      const counts = await this.counts();
      if (condition(counts) || performance.now() > endMs) return counts;
    }
  }
}

class WorkersProcess {
  /** Resolves when its reports are prepared. */
  readonly ready: Promise<void>;
  private readonly launched: Launched;
  private answer: (counts: WorkerCounts) => void = () => {};
  private fail: (error: Error) => void = () => {};

  constructor(order: WorkersOrder) {
    this.launched = launch([process.execPath, PROCESS, JSON.stringify(order)], { ipc: true });
    let isReady = (): void => {};
    this.ready = new Promise((resolve) => (isReady = resolve));
    this.launched.onMessage((message) => {
      if (message === 'ready') isReady();
      else this.answer(message as WorkerCounts);
    });
    void this.launched.exited.then(() =>
      this.fail(new Error(`simulated workers ended:\n${this.launched.output}`)),
    );
  }

  get pid(): number {
    return this.launched.pid;
  }

  command(type: WorkersCommand['type']): void {
    this.launched.send({ type });
  }

  /** @throws Error if the process has ended */
  async counts(): Promise<WorkerCounts> {
    const { launched } = this;
    if (launched.ended) throw new Error(`simulated workers ended:\n${launched.output}`);
    const counts = new Promise<WorkerCounts>((resolve, reject) => {
      this.answer = resolve;
      this.fail = reject;
    });
    this.command('count');
    return await counts;
  }

  async kill(): Promise<void> {
    await this.launched.kill();
  }
}
