import { formatDuration, isRunOver, messageOf } from '@drumline/model';
import type { CheckedScenario } from '@drumline/scenario/project';
import type { RunResult } from '@drumline/wire';
import type { Cluster } from '../cluster/cluster.js';
import type { Log } from '../cluster/log.js';
import type { RunOptions } from '../options.js';
import { Run } from '../run/run.js';
import { createRunStore } from '../store/index.js';
import type { ResumableRun } from '../store/resume.js';
import type { StartedState } from '../store/run-store.js';
import type { LiveRun } from './control-plane.js';
import { RunControl } from './run-control.js';
import type { LogFiles } from './log-file.js';
import { watchQueue, type QueueLimit } from './queue-limit.js';
import type { RunHost } from './run-host.js';
import type { RunLog } from './run-log.js';
import type { SecretLink } from './secret-link.js';
import type { SecretRedactor } from './secret-redactor.js';

interface Parts {
  readonly cluster: Cluster;
  readonly link: SecretLink;
  readonly options: RunOptions;
  readonly host: RunHost;
  readonly redactor: SecretRedactor;
  readonly log: Log;
  /** Receives what is printed about the run. */
  readonly runLog: RunLog;
  /** Keeps it for later, if the run can be resumed. */
  readonly logFiles: LogFiles | null;
  /** The directory for run files, or `null` to keep none. */
  readonly dataDir: string | null;
  /** By default a new one. */
  readonly id?: string | undefined;
}

/** A run of another master that had begun. */
export type StartedRunToResume = ResumableRun & { readonly state: StartedState };
type Opened = Pick<CheckedScenario, 'plan' | 'bundle' | 'warnings'>;

/** A run of a master, with everything that lives as long as the run. Its secrets stay inside. */
export class ManagedRun {
  readonly run: Run;
  readonly control: LiveRun;
  /** The result. Rejects with a DrumlineError if there was no run to report. */
  readonly finished: Promise<RunResult>;
  private readonly logged: (() => Promise<void>) | undefined;
  private isLeft = false;
  /** Ends the watch over its time in the queue. */
  private endWait: (() => void) | undefined;

  constructor(private readonly parts: Parts) {
    const { cluster, link, options, host, redactor, log, runLog, logFiles, id } = parts;
    this.run = new Run({ ...options, ...redactor.outputsOf(options) }, cluster, host, log, id);
    link.add(this.run.id, redactor);
    this.control = redactor.control(new RunControl(this.run, runLog));
    this.logged = logFiles?.follow(this.run.id, runLog, (line) => redactor.line(line));
    this.finished = redactor.result(this.run.outcome.finished);
  }

  /** Waits for its turn: the run begins when the cluster gives it workers. */
  queue(checked: Opened, limit?: QueueLimit): void {
    const { run } = this;
    run.machine.send('queue');
    const whyWaiting = (): string => this.control.view().waitingFor ?? 'it waits for workers';
    this.endWait = limit && watchQueue(limit, whyWaiting, (error) => run.fail(error));
    const unfollow = run.events.subscribe(({ type }) => {
      if (type !== 'worker') return;
      unfollow();
      this.endWait?.();
      // All its first workers join in one turn of the event loop.
      setImmediate(() => this.begin(checked));
    });
    run.takeWorkers();
  }

  /** Begins at once, and waits for the workers that it expects. */
  gather(checked: Opened): void {
    this.run.takeWorkers();
    this.begin(checked);
  }

  /** Begins a new run whose plan is known now. Does nothing if the run has ended meanwhile. */
  open({ plan, bundle, warnings }: Opened): void {
    const { run } = this;
    const { dataDir, redactor } = this.parts;
    if (!run.open(bundle, plan)) return;
    for (const warning of warnings) run.warnings.add(warning);
    if (dataDir !== null)
      run.keepIn(async (stored) => redactor.store(await createRunStore(dataDir, redactor.storedRun(stored))));
  }

  private begin(checked: Opened): void {
    const { run } = this;
    if (this.isLeft) return;
    try {
      this.open(checked);
    } catch (error) {
      return run.fail(error as Error);
    }
    const { host, options, redactor } = this.parts;
    const { bundle, plan } = checked;
    host.load(bundle, options.scenario, plan, redactor.values).catch((error: Error) => run.fail(error));
  }

  /** Loads the scenario again, for the hooks of a resumed run. */
  loadHooks({ bundle, plan }: Pick<Opened, 'plan' | 'bundle'>): void {
    const { host, options, redactor } = this.parts;
    host
      .load(bundle, options.scenario, plan, redactor.values)
      .catch((error: unknown) => this.run.notes.add('hook-failed', messageOf(error)));
  }

  /** Resumes the run of another master. */
  resume({ state, store, idleMs }: StartedRunToResume): void {
    const { run } = this;
    run.resume(state, store, idleMs);
    const at = formatDuration(run.started?.clock.elapsedMs ?? 0);
    this.parts.log(`Resuming run ${run.id} of ${run.scenarioName} at ${at}.`);
  }

  /** Leaves the run to the next service. It no longer begins in this one. */
  leave(): void {
    this.isLeft = true;
    this.run.handOver();
  }

  /** Ends the processes and timers of the run. It keeps its workers until `release`. */
  close(): void {
    this.endWait?.();
    this.run.close();
    this.parts.host.close();
  }

  /** Returns the workers to the cluster, and closes the run file. */
  async release(): Promise<void> {
    this.close();
    // Commit first: another master would wait for the workers.
    await this.run.writer.saved();
    this.run.release();
    // The next master opens the same outputs, and must know what these have sent.
    await this.run.outputs.close(this.run.outcome.result, isRunOver(this.run.machine.state));
    await this.run.writer.close();
    await this.logged?.();
    this.parts.link.remove(this.run.id);
  }
}
