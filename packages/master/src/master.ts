import { formatDuration, messageOf, printable } from '@drumline/model';
import { bundleScenario, ScenarioHost, stopBundler, type CheckedScenario } from '@drumline/scenario/project';
import { SeriesTimeline, type SeriesPoint } from '@drumline/stats';
import { bindMasterLink, type MasterLink, type RunResult } from '@drumline/wire';
import { LinkProcess } from '@drumline/wire/link-process';
import type { ApiServer } from './api/server.js';
import type { RunControl } from './api/run-control.js';
import { Control } from './run/control.js';
import type { MasterOptions, Say } from './options.js';
import { hasInterruptedRun, isStarted, openInterruptedRun, type TakenRun } from './store/resume.js';
import type { Refusals } from './cluster/refusals.js';
import { Run } from './run/run.js';
import { Secrecy } from './secrecy.js';
import { createRunStore } from './store/index.js';
import type { StoredRun } from './store/run-store.js';

export interface MasterHandle {
  /** The address that workers connect to. */
  readonly workerAddress: string;
  readonly apiUrl: string | null;
  /** Every series by second, if `seriesTimeline` is set. */
  seriesPoints(): SeriesPoint[];
  readonly control: RunControl;
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
  print: Say,
  linkProcess = new LinkProcess(),
): Promise<MasterHandle> {
  const { secrets = {} } = options;
  const secrecy = new Secrecy(secrets);
  // Log lines may quote workers and unknown peers.
  const say = secrecy.say((line) => print(printable(line)));
  const host = new ScenarioHost(say, secrets);
  const scenario = readScenario(host, options);
  scenario.then(stopBundler, stopBundler).catch(() => {});
  let link: MasterLink | undefined;
  let run: Run | undefined;
  try {
    const taken = await takenRun(options, scenario, secrecy, say);
    const address = bindAddress(options.bind, taken?.state.run);
    link = secrecy.link(await bindMasterLink(address, options.key, linkProcess));
    run = await openRun(options, taken, link, host, say);
    if (options.seriesTimeline === true) run.aggregate.seriesTimeline = new SeriesTimeline();
    const control = secrecy.control(new Control(run));
    if (run.clock) scenario.catch((error: unknown) => run!.notes.add('hook-failed', messageOf(error)));
    else void openPlan(run, scenario, secrecy).catch((error: Error) => run!.fail(error));
    const api = await openApi(options, taken?.state.run, control, run.refusals);
    run.apiUrl = api?.url;
    return { ...handleOf(run, host, control, api), finished: secrecy.result(run.finished) };
  } catch (error) {
    run?.close();
    host.close();
    // Leave the workers of a resumed run waiting for another master.
    if (run) await run.cluster.close(run.clock ? null : 'the master could not start');
    else if (link) await link.close();
    else await linkProcess.close();
    await run?.book.close();
    throw error;
  }
}

function handleOf(
  run: Run,
  host: ScenarioHost,
  control: RunControl,
  api: ApiServer | null,
): Omit<MasterHandle, 'finished'> {
  const stop = (reason: 'interrupted' | 'requested'): void =>
    run.stop(
      reason,
      reason === 'interrupted' && run.clock ? `The run was interrupted ${run.howFar}.` : undefined,
    );
  return {
    workerAddress: run.link.address,
    apiUrl: api?.url ?? null,
    seriesPoints: () => run.aggregate.seriesTimeline?.points() ?? [],
    control,
    stop,
    handOver: () => run.handOver() || stop('interrupted'),
    abort: () => run.abort(),
    close: async () => {
      run.close();
      host.close();
      await run.cluster.close(run.handedOver ? null : 'the run is over');
      await api?.close();
      await run.book.close();
    },
  };
}

async function readScenario(
  host: ScenarioHost,
  { scenario, overrides, takeUp }: MasterOptions,
): Promise<CheckedScenario> {
  if (typeof takeUp !== 'object')
    return await host.readPlan(await bundleScenario(scenario, overrides.external), scenario, overrides);
  const { bundle, plan } = takeUp.state.run;
  if (plan.masterHooks.length > 0) await host.load(bundle, scenario, plan.environment);
  return { bundle, plan, warnings: [] };
}

/** The run to resume, if there is one. */
async function takenRun(
  { dataDir, takeUp }: MasterOptions,
  scenario: Promise<CheckedScenario>,
  secrecy: Secrecy,
  say: Say,
): Promise<TakenRun | undefined> {
  if (takeUp !== 'interrupted') return takeUp && secrecy.taken(takeUp);
  if (dataDir === null || !hasInterruptedRun(dataDir)) return undefined;
  const { bundle, plan } = await scenario;
  const taken = await openInterruptedRun(dataDir, { bundle, plan: secrecy.plan(plan) }, say);
  return taken && secrecy.taken(taken);
}

/** Creates a resumed run, or one that waits for its plan. */
async function openRun(
  options: MasterOptions,
  taken: TakenRun | undefined,
  link: MasterLink,
  host: ScenarioHost,
  say: Say,
): Promise<Run> {
  if (!taken) return new Run(options, link, host, say);
  const { state, store, idleMs } = taken;
  if (!isStarted(state)) {
    await store.commit({ run: { state: 'aborted' } }).catch(() => {});
    await store.close();
    return new Run(options, link, host, say);
  }
  const run = new Run(options, link, host, say, state.run.runId);
  run.takeUp(state, store, idleMs);
  say(`Resuming run ${run.id} of ${run.scenarioName} at ${formatDuration(run.clock!.elapsedMs)}.`);
  return run;
}

/** Begins a new run once its scenario is loaded. */
async function openPlan(run: Run, scenario: Promise<CheckedScenario>, secrecy: Secrecy): Promise<void> {
  const { dataDir } = run.options;
  const { plan, bundle, warnings } = await scenario;
  run.open(bundle, plan);
  for (const warning of warnings) run.warnings.add(warning);
  if (dataDir !== null)
    run.keepIn(async (stored) => secrecy.store(await createRunStore(dataDir, secrecy.kept(stored))));
}

async function openApi(
  { api, key, apiToken = key?.apiToken.text }: MasterOptions,
  before: StoredRun | undefined,
  control: RunControl,
  refusals: Refusals,
): Promise<ApiServer | null> {
  if (api === null) return null;
  const { startApi } = await import('./api/server.js');
  const port =
    api.port === 0 && before?.apiUrl !== undefined ? Number(new URL(before.apiUrl).port) : api.port;
  return await startApi({ ...api, port }, control, {
    token: apiToken ?? null,
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
