import { InterruptedError } from '@drumline/drivers';
import { parseDuration, type Duration } from '@drumline/model';
import type { BackgroundContext, BaseContext } from '@drumline/scenario';

/** Work of a user that runs beside its tasks and ends with the user. */
export class BackgroundWork {
  private readonly running = new Set<Promise<void>>();
  private readonly abort = new AbortController();

  /** @param onError receives what the work throws */
  constructor(
    private readonly context: BaseContext,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** @throws Error if the user is ending */
  start(work: (context: BackgroundContext) => unknown): void {
    if (this.abort.signal.aborted)
      throw new Error('background() was called while the user was stopping. Call it in onStart or in tasks.');
    const done = this.run(work).finally(() => this.running.delete(done));
    this.running.add(done);
  }

  /** Aborts all work. Resolves when it has ended, or after the time limit. */
  async end(limitMs: number): Promise<void> {
    this.abort.abort(new InterruptedError());
    if (this.running.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
    await Promise.race([Promise.all(this.running), tooLate]);
    clearTimeout(timer);
  }

  private async run(work: (context: BackgroundContext) => unknown): Promise<void> {
    try {
      await work(new WorkContext(this.context, this.abort.signal));
    } catch (error) {
      this.onError(error);
    }
  }
}

/**
 * The context of background work: that of the user, with a `sleep` and a `signal` that end with the
 * user.
 */
class WorkContext implements BackgroundContext {
  constructor(
    private readonly user: BaseContext,
    readonly signal: AbortSignal,
  ) {}

  get http(): BaseContext['http'] {
    return this.user.http;
  }

  get ws(): BaseContext['ws'] {
    return this.user.ws;
  }

  get check(): BaseContext['check'] {
    return this.user.check;
  }

  get measure(): BaseContext['measure'] {
    return this.user.measure;
  }

  get step(): BaseContext['step'] {
    return this.user.step;
  }

  get record(): BaseContext['record'] {
    return this.user.record;
  }

  get sleep(): BaseContext['sleep'] {
    return (duration) => sleepUntilAborted(duration, this.signal);
  }
}

function sleepUntilAborted(duration: Duration, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new InterruptedError());
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(new InterruptedError());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, parseDuration(duration));
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
