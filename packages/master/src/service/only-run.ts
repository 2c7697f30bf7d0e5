import { RequestError } from '@drumline/model';
import type { RegisteredRun, RunEnd, RunRegister } from './run-register.js';

/** A run that has ended. */
export type EndedRegisteredRun = RegisteredRun & { readonly end: RunEnd };

/** The one run of a service that ends with it. */
export class OnlyRun {
  /** Resolves with its id. */
  readonly submitted: Promise<string>;
  readonly ended: Promise<EndedRegisteredRun>;
  /** A client has fetched what it wants, so the service may end. */
  readonly fetched: Promise<void>;
  private state: 'awaited' | 'accepted' | 'ended' = 'awaited';
  private resolveSubmitted!: (runId: string) => void;
  private resolveEnded!: (run: EndedRegisteredRun) => void;
  private resolveFetched!: () => void;

  /**
   * @param register holds the run of a service that was replaced
   * @throws RequestError `request-invalid` if other runs wait in its directory
   */
  constructor(private readonly register: RunRegister) {
    this.submitted = new Promise((resolve) => (this.resolveSubmitted = resolve));
    this.ended = new Promise((resolve) => (this.resolveEnded = resolve));
    this.fetched = new Promise((resolve) => (this.resolveFetched = resolve));
    const others = register.all.filter(({ isOnly, end }) => isOnly !== true && end === undefined);
    if (others.length > 0)
      throw new RequestError(
        'request-invalid',
        `Runs of another service wait in this directory: ${others.map(({ runId }) => runId).join(', ')}.`,
        'Choose another directory with --data-dir, or execute them with `drumline serve` first.',
      );
    const former = register.only;
    if (former) this.accepted(former);
    if (former?.end) this.hasEnded({ ...former, end: former.end });
  }

  get isSubmitted(): boolean {
    return this.state !== 'awaited';
  }

  accepted({ runId }: RegisteredRun): void {
    this.state = 'accepted';
    this.resolveSubmitted(runId);
  }

  hasEnded(run: EndedRegisteredRun): void {
    this.state = 'ended';
    this.resolveEnded(run);
  }

  /** @throws RequestError `run-unfinished` */
  finish(): string {
    if (this.state === 'accepted')
      throw new RequestError(
        'run-unfinished',
        'the run has not ended',
        'Stop it first, or wait for its end.',
      );
    this.resolveFetched();
    return this.state === 'ended'
      ? 'The master exits with the exit code of its run.'
      : 'The master exits. No run was submitted to it.';
  }

  /** The next service in this directory takes another run. */
  async conclude(): Promise<void> {
    const run = this.register.only;
    if (!run) return;
    const { isOnly, ...past } = run;
    await this.register.put(isOnly ? past : run);
  }
}
