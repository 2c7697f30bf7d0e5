import type { ResumableRun } from '@drumline/master';
import { MAX_WORKERS, type Secrets } from '@drumline/model';
import { defineCommand, type Command } from '../command.js';
import { isLoopback, tcpAddress, type HostPort } from '../options/address.js';
import { logFormatOption } from '../log-format.js';
import { requireKey } from '../credentials/require.js';
import { givenOptions } from '../options/given.js';
import { warnIfLittleMemory } from '../options/lanes.js';
import {
  DEFAULT_API,
  dashboardDirectory,
  grpcOf,
  masterOptions,
  runOptionsOf,
  tlsPaths,
} from '../options/master.js';
import { baselineOptions } from '../options/compare.js';
import { outOptions } from '../options/out.js';
import { outputOptions, terminationOption } from '../options/outputs.js';
import { planOptions, readOverrides } from '../options/plan.js';
import { requireScenario, scenarioPositional } from '../options/scenario.js';
import { secretOptions } from '../options/secrets.js';
import { DEFAULT_DATA_DIR, requireDataDir, storeOptions } from '../options/store.js';
import { duration, wholeNumber, optionError } from '../options/values.js';
import { followMaster, requireHeartbeat } from '../run/follow.js';
import { planComparison } from '../run/baseline.js';
import { openOutputs } from '../run/open-outputs.js';
import { planOutputs } from '../run/outputs.js';
import { withTerminationLog } from '../run/termination-log.js';
import { readSecrets } from '../secrets/read.js';

const group = 'Cluster:';
const DEFAULT_BIND = 'tcp://127.0.0.1:5557';

export const master: Command = defineCommand({
  usage: 'master [scenario]',
  about: 'Coordinate a run across workers on any number of machines',
  positionals: scenarioPositional,
  options: {
    bind: tcpAddress('bind', {
      group,
      describe: 'Address that workers connect to; tcp://0.0.0.0:5557 for all networks',
      defaultDescription: DEFAULT_BIND,
    }),
    'expect-workers': wholeNumber(
      'expect-workers',
      1,
      {
        group,
        default: 1,
        describe: 'Start when this many workers are ready; more may join at any time',
      },
      MAX_WORKERS,
    ),
    'expect-workers-max-wait': duration('expect-workers-max-wait', {
      group,
      describe: 'How long to wait for the expected workers before the run fails',
      defaultDescription: 'wait forever',
    }),
    autostart: {
      type: 'boolean',
      default: true,
      group,
      describe: 'Start automatically; with --no-autostart, wait for `drumline start`',
    },
    'on-sigterm': {
      choices: ['stop', 'hand-over'],
      default: 'stop',
      requiresArg: true,
      group,
      describe:
        'On SIGTERM, stop the run, or exit and let the next master resume it (for pods that are evicted; needs --data-dir)',
    },
    resume: {
      type: 'string',
      group,
      describe:
        'Resume a run whose master died: the newest, or the one with this id (see `drumline runs`). Scenario and load come from the run',
    },
    ...planOptions,
    ...secretOptions,
    ...outputOptions,
    ...outOptions,
    'log-format': logFormatOption,
    ...baselineOptions,
    ...storeOptions,
    ...masterOptions,
    'termination-log': terminationOption,
  },
  examples: [
    [
      'scenario.ts --bind tcp://0.0.0.0:5557 --key-file drumline.key --expect-workers 4',
      'Start when four workers with the token are ready',
    ],
    ['scenario.ts --no-autostart', 'Wait for `drumline start`'],
    ['--resume', 'Resume the last run, whose master died'],
  ],
  run: async (args, written) =>
    await withTerminationLog(args.terminationLog, async (termination) => {
      requireHeartbeat(args.heartbeat, args.missingAfter);
      warnIfLittleMemory({ lanes: 0, master: true });
      const secrets = readSecrets(args);
      if (args.onSigterm === 'hand-over' && (args.dataDir === undefined || !args.store)) {
        throw optionError(
          'on-sigterm',
          'hand-over needs a stored run that the next master can find',
          'Set --data-dir to a directory that outlives this process, and remove --no-store.',
        );
      }
      const dataDir = requireDataDir(args);
      const resumable = args.resume === undefined ? undefined : await openResumable(args.resume, dataDir);
      const previous = resumable?.state.run;
      const scenario = previous?.scenario ?? requireScenario(args.scenario, 'master');
      const outputs = {
        ...planOutputs(args, scenario, new Date()),
        comparison: await planComparison(args, scenario, dataDir, DEFAULT_DATA_DIR),
      };
      const api = args.api ?? apiAddressOf(previous) ?? DEFAULT_API;
      const options = {
        scenario,
        overrides: await readOverrides(args),
        secrets,
        bind: args.bind ?? previous?.workerAddress ?? DEFAULT_BIND,
        api: api === false ? null : { ...api, orAnyPort: false },
        grpc: grpcOf(args.grpc),
        dashboard: dashboardDirectory(),
        expectWorkers: args.expectWorkers,
        expectWorkersMaxWaitMs: args.expectWorkersMaxWait ?? null,
        autostart: args.autostart,
        heartbeatMs: args.heartbeat,
        missingAfterMs: args.missingAfter,
        ...runOptionsOf(args),
        given: givenOptions(master.options, written),
        dataDir,
        tls: tlsPaths(args),
        apiAllowedOrigins: args.apiAllowOrigin,
        // With an explicit directory, the same command resumes an interrupted run.
        resume: resumable ?? (args.dataDir === undefined ? undefined : 'interrupted'),
      } as const;
      const key = requireKey(options, args);
      if (!key) warnIfSecretsUnencrypted(options);
      const localProcesses = { masterReady: () => {}, end: () => Promise.resolve() };
      return await followMaster(
        { ...options, key, ...(await openOutputs(args)) },
        { ...outputs, termination },
        args.quiet,
        () => localProcesses,
        args.onSigterm,
      );
    }),
});

/**
 * Opens a stored run to resume it.
 * @param run the beginning of its id; empty (`--resume` alone) or `true` (DRUMLINE_RESUME=true) for
 *   the newest run
 */
async function openResumable(run: string, dataDir: string | null): Promise<ResumableRun> {
  if (dataDir === null) {
    throw optionError('resume', 'a run that is not stored cannot be resumed', 'Remove --no-store.');
  }
  const { openRunToResume } = await import('@drumline/master');
  return await openRunToResume(dataDir, run === '' || run === 'true' ? undefined : run);
}

/** The previous address of the control API of a run. */
function apiAddressOf(run: ResumableRun['state']['run'] | undefined): HostPort | undefined {
  if (run?.apiUrl === undefined) return undefined;
  const { hostname, port } = new URL(run.apiUrl);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Warns that the master sends the secrets to every worker unencrypted. */
function warnIfSecretsUnencrypted({ bind, secrets }: { bind: string; secrets: Secrets }): void {
  if (isLoopback(bind) || Object.keys(secrets).length === 0) return;
  console.error(`warning: the secrets are sent unencrypted to every worker that joins at ${bind}`);
}
