import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DrumlineError, type Millis } from '@drumline/model';
import { LinkProcess } from '@drumline/wire/link-process';
import { makeDirectory } from '@drumline/wire/make-directory';
import type { Cluster } from './cluster/cluster.js';
import type { Log } from './cluster/log.js';
import type { ClusterOptions, OnlyRunExpectation } from './options.js';
import { openApis, openCluster, printableLog, type FormerAddresses } from './ports.js';
import { ArtifactStore } from './service/artifact-store.js';
import type { ControlPlane } from './service/control-plane.js';
import { Intake } from './service/intake.js';
import { LogFiles } from './service/log-file.js';
import { OnlyRun } from './service/only-run.js';
import type { CheckOutputs, OpenOutputs } from './run/run-outputs.js';
import type { Retention } from './service/retention.js';
import { RunLoader, type LoadedRun } from './service/run-loader.js';
import { RunMaker } from './service/run-maker.js';
import { RunRegister, type RegisteredRun, type RunEnd } from './service/run-register.js';
import type { ScenarioPlanner } from './service/scenarios/planner.js';
import { endWithout } from './service/run-end.js';
import { Service } from './service/service.js';
import { takeOwnership, type Ownership } from './store/ownership.js';

export interface ServiceOptions extends ClusterOptions {
  /** The directory for the queue, uploads and run files. */
  readonly dataDir: string;
  /** Which ended runs are kept. */
  readonly keep: Retention;
  /** The most runs that wait. */
  readonly queueLimit: number;
  /** Set if the service executes one run and ends with it. */
  readonly once?: OnlyRunExpectation | undefined;
  /** Reads the scenarios that are started from the page. */
  readonly planner: ScenarioPlanner;
  /** The directory of scenarios that can be started; undefined for none. */
  readonly scenariosDirectory?: string | undefined;
  /** Whether submitted runs may name outputs. */
  readonly allowOutputs?: boolean;
  /** Checks the outputs of a run when it is submitted. */
  readonly checkOutputs?: CheckOutputs | undefined;
  /** Opens the outputs of each run. */
  readonly openOutputs?: OpenOutputs | undefined;
}

export interface ServiceHandle {
  /** The address that workers connect to. */
  readonly workerAddress: string;
  readonly apiUrl: string | null;
  /** `HOST:PORT` of the gRPC control API. */
  readonly grpcAddress: string | null;
  readonly control: ControlPlane;
  /** Set if the service executes one run and ends with it. */
  readonly only: OnlyRun | undefined;
  /** Dismisses the workers, also those that come later. The control API stays. */
  dismissWorkers(): Promise<void>;
  /**
   * Leaves the queue and all runs to the next service in the same directory. Workers wait for it.
   */
  leave(): Promise<void>;
  /** Ends the runs that have begun, gracefully, and dismisses the workers. The queue is kept. */
  stop(): Promise<void>;
  /** Ends the runs that have begun, at once. `stop` must have been called. */
  abort(): void;
}

/** Old runs are also removed while no run ends. */
const PRUNE_EVERY_MS: Millis = 10 * 60_000;
const DISMISSAL = 'the service has ended';

/**
 * Starts a cluster that stays, and continues the runs of the one before it in this directory.
 * @param linkProcess a link process that was started earlier
 * @throws DrumlineError `address-unavailable`; `request-invalid` if a running service has the
 * directory
 */
export async function startService(
  options: ServiceOptions,
  print: Log,
  linkProcess = new LinkProcess(),
): Promise<ServiceHandle> {
  const log = printableLog(print);
  const { dataDir, key } = options;
  let owned: Ownership | undefined;
  let cluster: Cluster | undefined;
  try {
    owned = claim(dataDir);
    const former = readAddresses(dataDir);
    const register = await RunRegister.open(dataDir, log);
    const only = options.once && new OnlyRun(register);
    const artifacts = new ArtifactStore(dataDir);
    const logFiles = new LogFiles(dataDir);
    const loader = new RunLoader({ artifacts, logFiles, dataDir, key });
    // Loaded before the port opens, because their workers come back at once.
    const interrupted = await loadInterrupted(register, loader);
    const ports = await openCluster({ ...options, keepsExcluded: true }, log, linkProcess, former);
    cluster = ports.cluster;
    const maker = new RunMaker({ ...ports, options, dataDir, logFiles, expected: options.once, log });
    const intake = new Intake({
      register,
      artifacts,
      key,
      queueLimit: options.queueLimit,
      queued: () => ports.cluster.waiting.length,
      allowsOutputs: options.allowOutputs === true,
      checkOutputs: options.checkOutputs,
      takesOne: only !== undefined,
    });
    const service = new Service({
      ...options,
      cluster,
      register,
      artifacts,
      logFiles,
      loader,
      maker,
      intake,
      only,
      log,
    });
    service.restore(interrupted.runs);
    for (const { registered, end } of interrupted.over) await service.end(registered, end);
    const apis = await openApis(options, service, cluster.refusals, log, former);
    const { url } = apis;
    writeAddresses(dataDir, { workerAddress: cluster.address, ...(url !== null && { apiUrl: url }) });
    const pruning = setInterval(() => void service.prune(), PRUNE_EVERY_MS).unref();
    const close = async (reason: string | null): Promise<void> => {
      clearInterval(pruning);
      await ports.cluster.close(reason);
      await apis.close();
      await service.close();
      owned?.release();
    };
    return {
      workerAddress: cluster.address,
      apiUrl: url,
      grpcAddress: apis.grpcAddress,
      control: service,
      only,
      dismissWorkers: () => ports.cluster.registry.dismissAll(DISMISSAL),
      leave: async () => {
        service.leave();
        await close(null);
      },
      stop: async () => {
        await service.stop('The run was interrupted, because its service was stopped.');
        await close(DISMISSAL);
      },
      abort: () => service.abort(),
    };
  } catch (error) {
    if (cluster) await cluster.close(null);
    else await linkProcess.close();
    owned?.release();
    throw error;
  }
}

interface Interrupted {
  readonly runs: LoadedRun[];
  /** Runs that had ended, or that cannot be continued. */
  readonly over: { readonly registered: RegisteredRun; readonly end: RunEnd }[];
}

/** Loads the runs that a service before this one has left, in the order of their submissions. */
async function loadInterrupted(register: RunRegister, loader: RunLoader): Promise<Interrupted> {
  const { runs, over }: Interrupted = { runs: [], over: [] };
  for (const registered of register.all) {
    if (registered.end) continue;
    try {
      const end = loader.endOf(registered);
      if (end) over.push({ registered, end });
      else runs.push(await loader.loadAgain(registered));
    } catch (error) {
      over.push({ registered, end: endWithout(error) });
    }
  }
  return { runs, over };
}

/** Claims the directory for this process. */
function claim(dataDir: string): Ownership {
  const file = join(dataDir, 'service.json');
  makeDirectory(dataDir);
  try {
    return takeOwnership(file);
  } catch (error) {
    if (!(error instanceof DrumlineError)) throw error;
    throw new DrumlineError(
      'request-invalid',
      `Another service uses the directory ${dataDir}.`,
      'Stop it, or choose another directory with --data-dir.',
      { cause: error },
    );
  }
}

function readAddresses(dataDir: string): FormerAddresses {
  try {
    return JSON.parse(readFileSync(join(dataDir, 'service.json'), 'utf8')) as FormerAddresses;
  } catch {
    return {};
  }
}

function writeAddresses(dataDir: string, addresses: FormerAddresses): void {
  writeFileSync(join(dataDir, 'service.json'), `${JSON.stringify(addresses)}\n`);
}
