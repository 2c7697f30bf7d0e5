import { fork, type ChildProcess } from 'node:child_process';
import type { RunResult } from '@drumline/client';
import { findEntry } from './entry.js';
import { environmentOfRun } from './environment.js';
import type { FromRun, ToRun } from './messages.js';
import type { RunOrder } from './options.js';
import { ResultParts } from './result-parts.js';
import { RunError, type Failure } from './run-error.js';

/** What a run reports once it has started. */
export type Started = Omit<Extract<FromRun, { type: 'started' }>, 'type'>;

/**
 * The process of a run: its master, which has the scenario host and the workers as children. It
 * ends when the channel to this process closes, so it never outlives this process.
 */
export class RunProcess {
  /** Rejects with a RunError if the run cannot start. */
  readonly started: Promise<Started>;
  /** Settles when the process has ended. Rejects with a RunError if there is no result. */
  readonly finished: Promise<RunResult>;
  readonly #child: ChildProcess;
  readonly #parts = new ResultParts();
  #isDone = false;
  #failure: Failure | undefined;

  constructor(
    order: RunOrder,
    private readonly log: (line: string) => void,
  ) {
    this.#child = fork(findEntry(), [], {
      // A group of its own: Ctrl-C in a terminal reaches this process, which decides.
      detached: true,
      env: environmentOfRun(process.env),
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let onStarted: (started: Started) => void;
    this.started = new Promise((resolve) => (onStarted = resolve));
    this.#child.on('message', (message: FromRun) => {
      if (message.type === 'started') onStarted(message);
      else this.#take(message);
    });
    const ended = endOf(this.#child);
    this.finished = ended.then((how) => this.#result(how));
    this.started = Promise.race([this.started, this.finished.then(() => this.started)]);
    // Whoever is interested in the failure awaits one of these.
    this.started.catch(() => {});
    this.finished.catch(() => {});
    this.#send({ type: 'start', order });
  }

  /** Ends the run gracefully. */
  stop(): void {
    this.#send({ type: 'stop' });
  }

  /** Ends the run at once, with what was counted. */
  abort(): void {
    this.#send({ type: 'abort' });
  }

  /** Kills the process. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #send(message: ToRun): void {
    // It may be ending: then nothing is left to be ordered.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #take(message: Exclude<FromRun, { type: 'started' }>): void {
    switch (message.type) {
      case 'log':
        for (const line of message.lines) this.log(line);
        return;
      case 'failed':
        this.#failure = message.failure;
        return;
      case 'done':
        this.#isDone = true;
        return;
      case 'result':
      case 'rows':
        this.#parts.add(message);
    }
  }

  /** @throws RunError */
  #result(how: string): RunResult {
    if (this.#failure) throw new RunError(this.#failure);
    if (this.#isDone && this.#parts.result) return this.#parts.result;
    throw new RunError({
      code: 'master-lost',
      message: `the process of the run ended unexpectedly: ${how}`,
      hint: 'Another program may have killed it, for lack of memory for example.',
    });
  }
}

/** How a process ended. Resolves once all its messages were received. */
async function endOf(child: ChildProcess): Promise<string> {
  const disconnected = new Promise<void>((resolve) => child.once('disconnect', () => resolve()));
  return await new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, signal) => {
      void disconnected.then(() => resolve(signal === null ? `exit code ${code}` : `killed by ${signal}`));
    });
  });
}
