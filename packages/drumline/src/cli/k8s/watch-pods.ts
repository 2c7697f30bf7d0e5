import { DrumlineError, EXIT_CODES, exitNameOf, formatDuration, type Millis } from '@drumline/model';
import type { Kubectl } from './kubectl.js';
import {
  COMPONENT,
  endOf,
  isReady,
  selectorOf,
  type Job,
  type KubernetesEvent,
  type ListOf,
  type Pod,
} from './pods.js';
import { whyWaiting, type Wait } from './waiting.js';

const LOOK_EVERY_MS = 1_000;

/** The pods of a run in Kubernetes. */
export class RunPods {
  private readonly printed = new Set<string>();
  /** At the last look. */
  private waits: readonly Wait[] = [];
  private isAway = false;

  /** @param print receives why pods do not start, once for each reason */
  constructor(
    private readonly kubectl: Kubectl,
    private readonly name: string,
    private print: (line: string) => void,
  ) {}

  /** From now on, what it reports is printed there, such as above the live view. */
  printTo(print: (line: string) => void): void {
    this.print = print;
  }

  /** The pods, after it has printed why some of them do not start. */
  async look(): Promise<readonly Pod[]> {
    const { items } = await this.kubectl.read<ListOf<Pod>>([
      'get',
      'pods',
      '--selector',
      selectorOf(this.name),
    ]);
    this.waits =
      items.length > 0 && items.every(isReady) ? [] : whyWaiting(items, await this.warnings(items));
    for (const { component, kind, text } of this.waits) {
      const key = `${component} ${kind}`;
      if (!this.printed.has(key)) this.print(`waiting: ${text}`);
      this.printed.add(key);
    }
    return items;
  }

  /** Name of the master's pod, if it is ready. */
  async master(): Promise<string | undefined> {
    const pods = await this.look();
    return pods.find((pod) => isReady(pod) && pod.metadata.labels?.[COMPONENT] === 'master')?.metadata.name;
  }

  /** The master's pod as the end of a connection, whose absence is printed. */
  forwarded() {
    return {
      find: () => this.master(),
      onAway: (): void => {
        this.isAway = true;
        this.print('waiting: the master is away until its pod is replaced; the workers continue meanwhile');
      },
      onBack: (awayMs: Millis): void => {
        this.isAway = false;
        this.print(`The master is back after ${formatDuration(Math.round(awayMs / 1_000) * 1_000)}.`);
      },
    };
  }

  /**
   * Waits for the master's pod.
   * @throws DrumlineError if its Job has failed, or it does not become ready in time
   */
  async masterReady(job: string, withinMs: Millis): Promise<void> {
    const until = Date.now() + withinMs;
    while ((await this.master()) === undefined) {
      const failed = await this.ended(job);
      if (failed) throw failed;
      if (Date.now() > until) throw await this.lateness(job, withinMs);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /**
   * Waits until no pod will follow a master that is away.
   * @returns the error; undefined after the signal
   */
  async masterLost(job: string, signal: AbortSignal): Promise<DrumlineError | undefined> {
    while (!signal.aborted) {
      const error = this.isAway ? await this.ended(job).catch(() => undefined) : undefined;
      if (error) return error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return undefined;
  }

  /** The error if the master's Job has ended. */
  private async ended(job: string): Promise<DrumlineError | undefined> {
    const end = endOf(await this.kubectl.read<Job>(['get', 'job', job]));
    return end && (await this.failure(end.message));
  }

  /** The error of a master that does not become ready. */
  private async lateness(job: string, withinMs: Millis): Promise<DrumlineError> {
    const why = this.waits.filter(({ component }) => component === 'master').map(({ text }) => text);
    const log =
      why.length > 0 ? '' : await this.kubectl.run(['logs', `job/${job}`, '--tail=5']).catch(() => '');
    return new DrumlineError(
      'master-unreachable',
      [`The master did not start within ${formatDuration(withinMs)}.`, ...why, log.trim()].join('\n').trim(),
      'Remove what its pod waits for, or raise --start-within.',
    );
  }

  /** The number of ready pods of a component. */
  async ready(component: 'master' | 'worker'): Promise<number> {
    const pods = await this.look();
    return pods.filter((pod) => isReady(pod) && pod.metadata.labels?.[COMPONENT] === component).length;
  }

  /**
   * Waits until so many workers are ready, or until the signal.
   * @param isOver whether no more will come
   * @returns how many are
   */
  async workersAre(
    wanted: number,
    signal: AbortSignal,
    isOver = (): Promise<boolean> => Promise.resolve(false),
  ): Promise<number> {
    for (;;) {
      const count = await this.ready('worker').catch(() => 0);
      if (count === wanted || signal.aborted || (await isOver())) return count;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** The error of a master that has ended, from its termination message. */
  private async failure(why: string | undefined): Promise<DrumlineError> {
    const pods = await this.look();
    const ended = pods
      .filter(({ metadata }) => metadata.labels?.[COMPONENT] === 'master')
      .flatMap(({ status }) => status?.containerStatuses ?? [])
      .flatMap(({ state }) => state?.terminated ?? []);
    const last = ended.at(-1);
    if (!last)
      return new DrumlineError('master-unreachable', `The Job of the master has failed: ${why ?? ''}`);
    if (last.exitCode === 0)
      return new DrumlineError(
        'master-unreachable',
        'The master has ended, and could not be reached before.',
      );
    const name = exitNameOf(last.exitCode);
    // The code of a signal is none of ours.
    const exit = EXIT_CODES[name].exitCode === last.exitCode ? name : 'master-unreachable';
    if (last.reason === 'OOMKilled')
      return new DrumlineError(
        exit,
        'The master was killed because it exceeded its memory limit.',
        'Raise it: --set master.memory=2Gi.',
      );
    const reason = reasonIn(last.message) || last.reason || why || `exit code ${last.exitCode}`;
    return new DrumlineError(exit, `The master has ended: ${reason}`);
  }

  private async warnings(pods: readonly Pod[]): Promise<KubernetesEvent[]> {
    try {
      const { items } = await this.kubectl.read<ListOf<KubernetesEvent>>([
        'get',
        'events',
        '--field-selector',
        'type=Warning',
        '--sort-by',
        '.metadata.creationTimestamp',
      ]);
      const uids = new Set(pods.map(({ metadata }) => metadata.uid));
      const jobs = new RegExp(`^(drumline-)?${this.name}-(master|worker)$`);
      return items.filter(
        ({ involvedObject: { uid, kind, name = '' } }) =>
          uids.has(uid) || (kind === 'Job' && jobs.test(name)),
      );
    } catch {
      // Without the right to read events, the pods still say most of it.
      return [];
    }
  }
}

/** The reason in a termination message, which may be a log. */
function reasonIn(message: string | undefined): string | undefined {
  if (message === undefined) return undefined;
  try {
    return (JSON.parse(message) as { reason?: string }).reason;
  } catch {
    return message.trim();
  }
}
