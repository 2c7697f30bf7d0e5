import type { Submission } from '@drumline/wire';
import type { Cluster } from '../cluster/cluster.js';
import type { Log } from '../cluster/log.js';
import type { ClusterOptions, OnlyRunExpectation, RunOptions } from '../options.js';
import type { LogFiles } from './log-file.js';
import { ManagedRun } from './managed-run.js';
import type { QueueLimit } from './queue-limit.js';
import { RunHost } from './run-host.js';
import type { LoadedRun } from './run-loader.js';
import type { RegisteredRun } from './run-register.js';
import { RunLog } from './run-log.js';
import type { SecretLink } from './secret-link.js';
import { SecretRedactor } from './secret-redactor.js';

interface Parts {
  readonly cluster: Cluster;
  readonly link: SecretLink;
  readonly options: Pick<ClusterOptions, 'heartbeatMs' | 'missingAfterMs'> & Pick<RunOptions, 'openOutputs'>;
  readonly dataDir: string;
  readonly logFiles: LogFiles;
  /** Set if the service has only one run, which begins without a queue. */
  readonly expected?: OnlyRunExpectation | undefined;
  readonly log: Log;
}

/** Makes runs of submissions. */
export class RunMaker {
  constructor(private readonly parts: Parts) {}

  /** Puts a run into the queue, or resumes one that had begun. */
  begin({ registered, submission, bundle, plan, log: lines, taken }: LoadedRun): ManagedRun {
    const { cluster, link, dataDir, logFiles } = this.parts;
    const { runId } = registered;
    const redactor = new SecretRedactor(submission.secrets ?? {});
    const runLog = new RunLog();
    runLog.restore(lines);
    const print = redactor.log((line) => this.parts.log(`[${runId.slice(0, 8)}] ${line}`));
    const log = runLog.tee(print);
    const options = this.optionsOf(submission);
    const host = new RunHost(log);
    const managed = new ManagedRun({
      cluster,
      link,
      options,
      host,
      redactor,
      log,
      runLog,
      logFiles,
      dataDir,
      id: runId,
    });
    if (taken) {
      managed.resume(redactor.resumed(taken));
      managed.loadHooks({ bundle, plan });
      return managed;
    }
    const checked = { bundle, plan, warnings: submission.warnings ?? [] };
    if (this.parts.expected) managed.gather(checked);
    else managed.queue(checked, queueLimitOf(registered, submission));
    return managed;
  }

  private optionsOf({ scenario, plan, workers, outputs, options }: Submission): RunOptions {
    const { expected, options: terms } = this.parts;
    const { heartbeatMs, missingAfterMs, openOutputs } = terms;
    return {
      ...options,
      scenario,
      scenarioName: plan.name,
      overrides: { labels: plan.labels },
      workers: workers ?? 'all',
      expectWorkers: workers ?? expected?.expectWorkers ?? 'present',
      expectWorkersMaxWaitMs: expected?.expectWorkersMaxWaitMs ?? null,
      autostart: options?.autostart ?? true,
      heartbeatMs,
      missingAfterMs,
      openOutputs: openOutputs && (async (run) => await openOutputs({ ...run, ofSubmission: outputs })),
    };
  }
}

/** Until when a run may wait in the queue; undefined if forever. */
function queueLimitOf({ submittedAt }: RegisteredRun, { maxWaitMs }: Submission): QueueLimit | undefined {
  return maxWaitMs === undefined ? undefined : { maxWaitMs, untilMs: Date.parse(submittedAt) + maxWaitMs };
}
