import {
  messageOf,
  rampAndHold,
  Redactor,
  stackOf,
  type Millis,
  type PlannedUserType,
  type Plan,
  type Secrets,
} from '@drumline/model';
import { tidyStack, writeBundle } from '@drumline/scenario/parent';
import { monotonicMs } from '@drumline/wire/monotonic';
import { Lane } from '../lane/lane.js';
import type { UserSession } from '../lane/user-session.js';
import type { LaneNews } from '../lane-protocol.js';
import type { DebugEvent } from './events.js';
import { LocalShared } from './local-shared.js';
import { DebugObserver, type DebugCounts } from './observer.js';

/** Options of a debug session. */
export interface DebugOptions {
  readonly plan: Plan;
  /** The code of the bundle. */
  readonly bundle: string;
  /** Directory of the scenario, from which external packages are searched. */
  readonly directory: string;
  readonly secrets: Secrets;
  /** Version of Drumline, for the `user-agent`. */
  readonly version: string;
  /** User types to try, one user of each, one after another. */
  readonly users: readonly string[];
  readonly iterations: number;
  /** Receives what happens, with secrets masked. */
  readonly onEvent: (event: DebugEvent) => void;
}

/** The only lane group: all user types run in this process. */
const GROUP = 'debug';

/**
 * Runs a scenario with one user at a time in this process, so that a debugger can stop in it.
 * Hooks on the master do not run. One session per process, because the scenario's modules are
 * loaded once.
 */
export class DebugSession {
  private readonly observer: DebugObserver;
  private readonly emit: (event: DebugEvent) => void;
  private readonly shared: LocalShared;
  private user: UserSession | undefined;
  private iterationsLeft = 0;
  private isStopped = false;

  constructor(private readonly options: DebugOptions) {
    const redactor = Redactor.of(options.secrets);
    this.emit = (event) => options.onEvent(redactor === undefined ? event : redactor.data(event));
    this.shared = new LocalShared(options.plan);
    this.observer = new DebugObserver(this.emit, () => this.iterated());
  }

  get counts(): Readonly<DebugCounts> {
    return this.observer.counts;
  }

  /**
   * Runs the setup, the users and the teardown.
   * @returns whether the setup succeeded
   * @throws DrumlineError if the bundle cannot be loaded; also whatever `onWorker.runStart` throws
   */
  async run(): Promise<boolean> {
    const { plan, users } = this.options;
    const lane = await this.load();
    let setupResult: unknown;
    try {
      if (plan.hasSetup) setupResult = await lane.runPhase('setup', undefined);
    } catch (error) {
      this.threw('setup', error);
      return false;
    }
    lane.start({ startAtMs: monotonicMs(), setupResult });
    for (const name of users) if (!this.isStopped) await this.runUser(lane, name);
    await lane.drain(plan.stopTimeoutMs);
    try {
      if (plan.hasTeardown) await lane.runPhase('teardown', setupResult);
    } catch (error) {
      this.threw('teardown', error);
    }
    lane.flush();
    return true;
  }

  /** Ends the current user after its task, or at once after the limit. The teardown runs. */
  stop(limitMs: Millis): void {
    this.isStopped = true;
    const { user } = this;
    user?.stop();
    setTimeout(() => user?.cut(), limitMs).unref();
  }

  /** Shows an error that no user code has caught. */
  threw(task: string, error: unknown): void {
    this.observer.threw('', task, { message: messageOf(error), stack: tidyStack(stackOf(error)) });
  }

  private async load(): Promise<Lane> {
    const { plan, bundle, directory, secrets, version } = this.options;
    const file = writeBundle(bundle, { packagesFrom: directory });
    const userTypes = plan.userTypes.map(alone);
    const alonePlan = {
      ...plan,
      userTypes,
      laneGroups: [{ name: GROUP, users: 1 }],
      load: rampAndHold(1),
    };
    return await Lane.load(
      {
        type: 'load',
        bundle: file.path,
        plan: alonePlan as never,
        secrets,
        worker: 'debug',
        lane: 0,
        group: GROUP,
        version,
      },
      (news) => this.hear(news),
      this.shared.lane,
      this.observer,
    );
  }

  private async runUser(lane: Lane, name: string): Promise<void> {
    this.iterationsLeft = this.options.iterations;
    this.observer.startUser();
    this.user = lane.openUser(name);
    await this.user.done;
    this.user = undefined;
  }

  private iterated(): void {
    this.iterationsLeft -= 1;
    if (this.iterationsLeft <= 0) this.user?.stop();
  }

  private hear(news: LaneNews): void {
    if (news.type === 'findings')
      for (const finding of news.findings) this.emit({ kind: 'finding', finding });
    if (news.type === 'stopRun') {
      const { user, task, reason } = news;
      this.isStopped = true;
      this.emit({ kind: 'stopRun', user, task, reason });
    }
  }
}

function alone({ name }: PlannedUserType): { name: string; weight: number; laneGroup: string } {
  return { name, weight: 1, laneGroup: GROUP };
}
