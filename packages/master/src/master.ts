import { formatDuration, messageOf, printable, secretParameters } from '@drumline/model';
import { bundleScenario, ScenarioHost, stopBundler, type CheckedScenario } from '@drumline/scenario/project';
import { SeriesTimeline, type SeriesPoint } from '@drumline/stats';
import { bindMasterLink, type RunResult } from '@drumline/wire';
import { LinkProcess } from '@drumline/wire/link-process';
import type { ApiServer } from './api/rest/server.js';
import { Cluster } from './cluster/cluster.js';
import type { Log } from './cluster/log.js';
import type { Refusals } from './cluster/refusals.js';
import type { ClusterOptions, MasterOptions } from './options.js';
import { hasInterruptedRun, isStarted, openInterruptedRun, type ResumableRun } from './store/resume.js';
import { Run } from './run/run.js';
import { SecretRedactor } from './secret-redactor.js';
import type { LiveRun } from './service/control-plane.js';
import { RunControl } from './service/run-control.js';
import { SingleRun } from './service/single-run.js';
import { createRunStore } from './store/index.js';
import type { StoredRun } from './store/run-store.js';

export interface MasterHandle {
  /** The address that workers connect to. */
  readonly workerAddress: string;
  readonly apiUrl: string | null;
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
  const { secrets = {} } = options;
  const redactor = new SecretRedactor(secrets);
  // Log lines may quote workers and unknown peers.
  const log = redactor.log((line) => print(printable(line)));
  const host = new ScenarioHost(log, secrets);
  const scenario = readScenario(host, options, redactor);
  scenario.then(stopBundler, stopBundler).catch(() => {});
  let cluster: Cluster | undefined;
  let run: Run | undefined;
  try {
    const taken = await findRunToResume(options, scenario, redactor, log);
    const address = bindAddress(options.bind, taken?.state.run);
    const link = redactor.link(await bindMasterLink(address, options.key, linkProcess));
    cluster = new Cluster(link, options, log);
    run = await openRun(options, taken, cluster, host, log);
    run.takeWorkers();
    if (options.seriesTimeline === true) run.aggregate.seriesTimeline = new SeriesTimeline();
    const control = redactor.control(new RunControl(run));
    if (run.started) scenario.catch((error: unknown) => run!.notes.add('hook-failed', messageOf(error)));
    else void openPlan(run, scenario, options.dataDir, redactor).catch((error: Error) => run!.fail(error));
    const api = await openApi(options, taken?.state.run, control, cluster.refusals);
    run.apiUrl = api?.url;
    return { ...handleOf(run, host, control, api), finished: redactor.result(run.outcome.finished) };
  } catch (error) {
    run?.close();
    host.close();
    // Leave the workers of a resumed run waiting for another master.
    if (cluster) await cluster.close(run?.started ? null : 'the master could not start');
    else await linkProcess.close();
    run?.release();
    await run?.writer.close();
    throw error;
  }
}

function handleOf(
  run: Run,
  host: ScenarioHost,
  control: LiveRun,
  api: ApiServer | null,
): Omit<MasterHandle, 'finished'> {
  const stop = (reason: 'interrupted' | 'requested'): void =>
    run.stop(
      reason,
      reason === 'interrupted' && run.started ? `The run was interrupted ${run.started.howFar}.` : undefined,
    );
  return {
    workerAddress: run.cluster.address,
    apiUrl: api?.url ?? null,
    seriesPoints: () => run.aggregate.seriesTimeline?.points() ?? [],
    control,
    stop,
    handOver: () => run.handOver() || stop('interrupted'),
    abort: () => run.abort(),
    close: async () => {
      run.close();
      host.close();
      // Release the run last: until then, workers that reconnect must find their run.
      await run.cluster.close(run.handedOver ? null : 'the run is over');
      run.release();
      await api?.close();
      await run.writer.close();
    },
  };
}

async function readScenario(
  host: ScenarioHost,
  { scenario, overrides, resume }: MasterOptions,
  redactor: SecretRedactor,
): Promise<CheckedScenario> {
  if (typeof resume !== 'object') {
    const bundled = await bundleScenario(scenario, overrides.external);
    const checked = await host.readPlan(bundled, scenario, overrides);
    redactor.learn(checked.secrets);
    return checked;
  }
  const { bundle, plan } = resume.state.run;
  const secrets = secretParameters(plan.parameterFacts ?? [], overrides.parameters ?? {}, process.env);
  redactor.learn(secrets);
  if (plan.masterHooks.length > 0 || plan.controller?.kind === 'shape')
    await host.load(bundle, scenario, redactor.revealed(plan));
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

/** Creates a resumed run, or one that waits for its plan. */
async function openRun(
  options: MasterOptions,
  taken: ResumableRun | undefined,
  cluster: Cluster,
  host: ScenarioHost,
  log: Log,
): Promise<Run> {
  if (!taken) return new Run(options, cluster, host, log);
  const { state, store, idleMs } = taken;
  if (!isStarted(state)) {
    await store.commit({ run: { state: 'aborted' } }).catch(() => {});
    await store.close();
    return new Run(options, cluster, host, log);
  }
  const run = new Run(options, cluster, host, log, state.run.runId);
  run.resume(state, store, idleMs);
  const at = formatDuration(run.started?.clock.elapsedMs ?? 0);
  log(`Resuming run ${run.id} of ${run.scenarioName} at ${at}.`);
  return run;
}

/** Begins a new run once its scenario is loaded. */
async function openPlan(
  run: Run,
  scenario: Promise<CheckedScenario>,
  dataDir: string | null,
  redactor: SecretRedactor,
): Promise<void> {
  const { plan, bundle, warnings } = await scenario;
  if (!run.open(bundle, plan)) return;
  for (const warning of warnings) run.warnings.add(warning);
  if (dataDir !== null)
    run.keepIn(async (stored) => redactor.store(await createRunStore(dataDir, redactor.storedRun(stored))));
}

async function openApi(
  { api, key, apiToken = key?.apiToken.text, apiTokenOnLoopback = false }: ClusterOptions,
  before: StoredRun | undefined,
  control: LiveRun,
  refusals: Refusals,
): Promise<ApiServer | null> {
  if (api === null) return null;
  const { startApi } = await import('./api/rest/server.js');
  const port =
    api.port === 0 && before?.apiUrl !== undefined ? Number(new URL(before.apiUrl).port) : api.port;
  return await startApi({ ...api, port }, new SingleRun(control), {
    token: apiToken ?? null,
    tokenOnLoopback: apiTokenOnLoopback,
    refuse: (kind, why) => refusals.add(kind, why),
  });
}

/**
 * The address to bind. If any port will do, that of the previous master, where its workers look for
 * it.
 */
function bindAddress(wanted: string, before: StoredRun | undefined): string {
  return before && wanted.endsWith(':0') ? before.workerAddress : wanted;
}
