import { messageOf, secretParameters } from '@drumline/model';
import { bundleScenario, stopBundler, type CheckedScenario } from '@drumline/scenario/project';
import { SeriesTimeline, type SeriesPoint } from '@drumline/stats';
import type { RunResult } from '@drumline/wire';
import { LinkProcess } from '@drumline/wire/link-process';
import type { Cluster } from './cluster/cluster.js';
import type { Log } from './cluster/log.js';
import type { MasterOptions } from './options.js';
import { openApis, openCluster, printableLog, type Apis } from './ports.js';
import type { LiveRun } from './service/control-plane.js';
import { ManagedRun } from './service/managed-run.js';
import { RunHost } from './service/run-host.js';
import { LogFiles } from './service/log-file.js';
import { RunLog } from './service/run-log.js';
import { SecretRedactor } from './service/secret-redactor.js';
import { SingleRun } from './service/single-run.js';
import { hasInterruptedRun, isStarted, openInterruptedRun, type ResumableRun } from './store/resume.js';

export interface MasterHandle {
  /** The address that workers connect to. */
  readonly workerAddress: string;
  readonly apiUrl: string | null;
  /** `HOST:PORT` of the gRPC control API. */
  readonly grpcAddress: string | null;
  /** Every series by second, if `seriesTimeline` is set. */
  seriesPoints(): SeriesPoint[];
  readonly control: LiveRun;
  /** Ends the run gracefully. */
  stop(reason: 'interrupted' | 'requested'): void;
  /**
   * Leaves the run to another master, which resumes it; `finished` rejects with `handed-over`.
   * Without a run file, ends the run like `stop('interrupted')`.
   */
  handOver(): void;
  /** Ends the run immediately, with what has been counted. */
  abort(): void;
  /** The result. Rejects with a DrumlineError if there was no run to report. */
  readonly finished: Promise<RunResult>;
  /** Dismisses the workers and frees the ports. */
  close(): Promise<void>;
}

/**
 * Starts a master. Resolves as soon as its ports are bound, so that workers can connect while the
 * scenario is loading.
 * @param linkProcess a link process that was started earlier, so that it boots while other modules
 * load
 * @throws DrumlineError `address-unavailable`; `scenario-invalid` if it searched for an interrupted
 * run of the scenario
 */
export async function startMaster(
  options: MasterOptions,
  print: Log,
  linkProcess = new LinkProcess(),
): Promise<MasterHandle> {
  const redactor = new SecretRedactor(options.secrets ?? {});
  const runLog = new RunLog();
  const log = runLog.tee(redactor.log(printableLog(print)));
  const host = new RunHost(log);
  const scenario = readScenario(host, options, redactor);
  scenario.then(stopBundler, stopBundler).catch(() => {});
  let cluster: Cluster | undefined;
  let managed: ManagedRun | undefined;
  try {
    const found = await findRunToResume(options, scenario, redactor, log);
    const taken = found && isStarted(found.state) ? { ...found, state: found.state } : undefined;
    const ports = await openCluster(options, log, linkProcess, found?.state.run);
    cluster = ports.cluster;
    if (found && !taken) await discard(found);
    const logFiles =
      options.dataDir === null || options.standalone === true ? null : new LogFiles(options.dataDir);
    if (taken && logFiles) runLog.restore(await logFiles.lines(taken.state.run.runId));
    managed = new ManagedRun({
      ...ports,
      options,
      host,
      redactor,
      log,
      runLog,
      logFiles,
      dataDir: options.dataDir,
      id: taken?.state.run.runId,
    });
    const { run } = managed;
    run.takeWorkers();
    if (options.seriesTimeline === true) run.aggregate.seriesTimeline = new SeriesTimeline();
    if (taken) {
      managed.resume(taken);
      scenario.catch((error: unknown) => run.notes.add('hook-failed', messageOf(error)));
    } else void openPlan(managed, scenario);
    const apis = await openApis(
      options,
      new SingleRun(managed.control, cluster, options.dataDir !== null),
      cluster.refusals,
      log,
      found?.state.run,
    );
    run.apiUrl = apis.url ?? undefined;
    return handleOf(managed, cluster, apis, logFiles);
  } catch (error) {
    managed?.close();
    host.close();
    // Leave the workers of a resumed run waiting for another master.
    if (cluster) await cluster.close(managed?.run.started ? null : 'the master could not start');
    else await linkProcess.close();
    await managed?.release();
    throw error;
  }
}

/** Begins a new run once its scenario is loaded. */
async function openPlan(managed: ManagedRun, scenario: Promise<CheckedScenario>): Promise<void> {
  try {
    managed.open(await scenario);
  } catch (error) {
    managed.run.fail(error as Error);
  }
}

/** Ends an interrupted run that had not started, so that a new one begins. */
async function discard({ store }: ResumableRun): Promise<void> {
  await store.commit({ run: { state: 'aborted' } }).catch(() => {});
  await store.close();
}

function handleOf(
  managed: ManagedRun,
  cluster: Cluster,
  apis: Apis,
  logFiles: LogFiles | null,
): MasterHandle {
  const { run, control, finished } = managed;
  const stop = (reason: 'interrupted' | 'requested'): void =>
    run.stop(
      reason,
      reason === 'interrupted' && run.started ? `The run was interrupted ${run.started.howFar}.` : undefined,
    );
  return {
    workerAddress: cluster.address,
    apiUrl: apis.url,
    grpcAddress: apis.grpcAddress,
    seriesPoints: () => run.aggregate.seriesTimeline?.points() ?? [],
    control,
    finished,
    stop,
    handOver: () => run.handOver() || stop('interrupted'),
    abort: () => run.abort(),
    close: async () => {
      managed.close();
      // Release the run last: until then, workers that reconnect must find their run.
      await cluster.close(run.handedOver ? null : 'the run is over');
      run.release();
      await apis.close();
      await managed.release();
      // Only the next master of the run would need it.
      if (!run.handedOver) await logFiles?.remove(run.id);
    },
  };
}

async function readScenario(
  host: RunHost,
  { scenario, overrides, resume, secrets: given = {} }: MasterOptions,
  redactor: SecretRedactor,
): Promise<CheckedScenario> {
  if (typeof resume !== 'object') {
    const opened = host.open(given);
    const bundled = await bundleScenario(scenario, overrides.external);
    const checked = await opened.readPlan(bundled, scenario, overrides);
    redactor.learn(checked.secrets);
    return checked;
  }
  const { bundle, plan } = resume.state.run;
  const secrets = secretParameters(plan.parameterFacts ?? [], overrides.parameters ?? {}, process.env);
  redactor.learn(secrets);
  await host.load(bundle, scenario, redactor.revealed(plan), given);
  return { bundle, plan, warnings: [], secrets };
}

/** The run to resume, if there is one. */
async function findRunToResume(
  { dataDir, resume }: MasterOptions,
  scenario: Promise<CheckedScenario>,
  redactor: SecretRedactor,
  log: Log,
): Promise<ResumableRun | undefined> {
  if (resume !== 'interrupted') return resume && redactor.resumed(resume);
  if (dataDir === null || !hasInterruptedRun(dataDir)) return undefined;
  const { bundle, plan } = await scenario;
  const taken = await openInterruptedRun(dataDir, { bundle, plan: redactor.plan(plan) }, log);
  return taken && redactor.resumed(taken);
}
