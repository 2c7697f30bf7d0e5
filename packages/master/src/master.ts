import { bundleScenario, ScenarioHost, type ScenarioBundle } from '@drumline/scenario/project';
import { bindMasterLink, type RunResult } from '@drumline/wire';
import type { ApiServer } from './api/server.js';
import type { RunControl } from './api/run-control.js';
import { Control } from './control.js';
import type { MasterOptions, Say } from './options.js';
import { Run } from './run.js';

/** A running master. */
export interface MasterHandle {
  /** Where workers dial to. */
  readonly workerAddress: string;
  readonly apiUrl: string | null;
  readonly control: RunControl;
  /** Ends the run in good order. */
  stop(reason: 'interrupted' | 'requested'): void;
  /** Ends it now, with what has been counted. */
  abort(): void;
  /** The result; rejects with a DrumlineError if there was no run to report. */
  readonly finished: Promise<RunResult>;
  /** Lets the workers go and frees the ports. */
  close(): Promise<void>;
}

/**
 * Starts a master. Resolves as soon as its ports are bound, so that workers can dial while the scenario is being read.
 * @throws DrumlineError `address-unavailable`
 */
export async function startMaster(options: MasterOptions, say: Say): Promise<MasterHandle> {
  const bundling = bundleScenario(options.scenario);
  bundling.catch(() => {});
  const link = await bindMasterLink(options.bind);
  const host = new ScenarioHost(say);
  const run = new Run(options, link, host, say);
  const control = new Control(run);
  void readScenario(run, host, bundling, options).catch((error: Error) => run.fail(error));
  const api = await openApi(options, control, say).catch(async (error: unknown) => {
    run.close();
    host.close();
    await run.cluster.close('the master could not start');
    throw error;
  });
  return {
    workerAddress: link.address,
    apiUrl: api?.url ?? null,
    control,
    stop: (reason) =>
      run.stop(
        reason,
        reason === 'interrupted' ? 'The run was interrupted before its planned end.' : undefined,
      ),
    abort: () => run.abort(),
    finished: run.finished,
    close: async () => {
      run.close();
      host.close();
      await run.cluster.close('the run is over');
      await api?.close();
    },
  };
}

async function openApi(
  { api, apiToken }: MasterOptions,
  control: Control,
  say: Say,
): Promise<ApiServer | null> {
  if (api === null) return null;
  const { startApi } = await import('./api/server.js');
  return await startApi(api, control, { token: apiToken ?? null, say });
}

async function readScenario(
  run: Run,
  host: ScenarioHost,
  bundling: Promise<ScenarioBundle>,
  { scenario, overrides }: MasterOptions,
): Promise<void> {
  const { plan, bundle } = await host.readPlan(await bundling, scenario, overrides);
  run.open(bundle, plan);
}
