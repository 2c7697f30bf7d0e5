import type { MasterOptions } from '@drumline/master';
import type { PlanOverrides, Secrets } from '@drumline/model';
import type { CommandArguments } from '../command.js';
import { baselineOptions } from '../options/compare.js';
import { nodePathFor } from '../options/external.js';
import { defaultLanes, requireSensibleLanes, warnIfLittleMemory } from '../options/lanes.js';
import { DEFAULT_API, dashboardDirectory, grpcOf, masterOptions, runOptionsOf } from '../options/master.js';
import { logFormatOption } from '../log-format.js';
import { outOptions } from '../options/out.js';
import { outputOptions } from '../options/outputs.js';
import { planOptions } from '../options/plan.js';
import { createSampleFile, sampleOptions } from '../options/samples.js';
import { requireScenario } from '../options/scenario.js';
import { secretOptions } from '../options/secrets.js';
import { DEFAULT_DATA_DIR, requireDataDir, storeOptions } from '../options/store.js';
import { wholeNumber } from '../options/values.js';
import { planComparison } from './baseline.js';
import { requireHeartbeat } from './follow.js';
import { startLocalWorkers, type LocalWorkers } from './local-workers.js';
import { openOutputs } from './open-outputs.js';
import { planOutputs, type Outputs } from './outputs.js';
import type { Screen } from './screen.js';

const group = 'Workers:';
/** Deadline for the local workers to join. */
const WORKERS_WITHIN_MS = 30_000;
/** Applies if the master hangs. If it exits, its workers exit at once. */
const ORPHAN_GRACE_MS = 30_000;

/** The options of a run whose master and workers are on this machine. */
export const localRunOptions = {
  ...planOptions,
  ...secretOptions,
  workers: wholeNumber('workers', 1, { group, default: 1, describe: 'Number of workers' }),
  lanes: wholeNumber('lanes', 1, {
    group,
    describe: 'Lanes (processes that generate load) of each worker',
    defaultDescription: 'one per CPU, less one, shared by the workers',
  }),
  'lane-heap': wholeNumber('lane-heap', 16, { group, describe: 'Heap limit of a lane, MiB' }),
  ...outputOptions,
  ...outOptions,
  'log-format': logFormatOption,
  ...sampleOptions,
  ...baselineOptions,
  ...storeOptions,
  ...masterOptions,
} as const;

export type LocalRunArguments = CommandArguments<typeof localRunOptions, {}>;

/** What a local run takes beside its own options. */
export interface LocalRunInput {
  readonly scenario: string | undefined;
  readonly overrides: PlanOverrides;
  readonly secrets: Secrets;
  /** Options for the report. */
  readonly given: Readonly<Record<string, string>>;
}

/** A run on this machine whose options are valid. Nothing has been started. */
export interface LocalRun {
  readonly master: MasterOptions & Pick<Required<MasterOptions>, 'api' | 'bind'>;
  readonly outputs: Outputs;
  /** Starts the workers, which wait for the address of the master. */
  startWorkers(screen: Screen): LocalWorkers;
}

/** @throws DrumlineError if an option is invalid, or a file or directory cannot be written */
export async function planLocalRun(args: LocalRunArguments, input: LocalRunInput): Promise<LocalRun> {
  const scenario = requireScenario(input.scenario, 'run');
  const dataDir = requireDataDir(args);
  const outputs = {
    ...planOutputs(args, scenario, new Date()),
    comparison: await planComparison(args, scenario, dataDir, DEFAULT_DATA_DIR),
  };
  const samples = createSampleFile(args, args.workers);
  requireHeartbeat(args.heartbeat, args.missingAfter);
  const lanes = args.lanes ?? defaultLanes(args.workers);
  requireSensibleLanes(lanes, args.workers);
  warnIfLittleMemory({ lanes: lanes * args.workers, master: true });
  const { overrides, secrets, given } = input;
  return {
    master: {
      scenario,
      overrides,
      secrets,
      bind: 'tcp://127.0.0.1:0',
      api: args.api === false ? null : { ...(args.api ?? DEFAULT_API), orAnyPort: args.api === undefined },
      grpc: grpcOf(args.grpc),
      dashboard: dashboardDirectory(),
      expectWorkers: args.workers,
      expectWorkersMaxWaitMs: WORKERS_WITHIN_MS,
      autostart: true,
      heartbeatMs: args.heartbeat,
      missingAfterMs: args.missingAfter,
      ...runOptionsOf(args),
      given,
      dataDir,
      standalone: true,
      ...(await openOutputs(args)),
    },
    outputs,
    startWorkers: (screen) => {
      const order = {
        lanes,
        laneHeapMb: args.laneHeap ?? null,
        orphanGraceMs: ORPHAN_GRACE_MS,
        reconnectForMs: ORPHAN_GRACE_MS,
        connectTimeoutMs: WORKERS_WITHIN_MS,
        samples,
      };
      const env = args.external ? { ...process.env, NODE_PATH: nodePathFor(scenario) } : process.env;
      return startLocalWorkers(args.workers, order, screen, env);
    },
  };
}
