import type { ResumableRun } from '@drumline/master';
import { MAX_WORKERS, type Secrets } from '@drumline/model';
import { defineCommand, type Command } from '../command.js';
import { isLoopback, tcpAddress, type HostPort } from '../options/address.js';
import { requireKey } from '../credentials/admission.js';
import { givenOptions } from '../options/given.js';
import { warnOfLittleMemory } from '../options/lanes.js';
import { DEFAULT_API, masterOptions } from '../options/master.js';
import { outputOptions } from '../options/outputs.js';
import { planOptions, readOverrides } from '../options/plan.js';
import { requireScenario, scenarioPositional } from '../options/scenario.js';
import { secretOptions } from '../options/secrets.js';
import { requireDataDir, storeOptions } from '../options/store.js';
import { duration, wholeNumber, wrong } from '../options/values.js';
import { followMaster, requireShorter } from '../run/follow.js';
import { planOutputs } from '../run/outputs.js';
import { readSecrets } from '../secrets/read.js';

const group = 'Cluster:';
const DEFAULT_BIND = 'tcp://127.0.0.1:5557';

export const master: Command = defineCommand({
  usage: 'master [scenario]',
  about: 'Coordinate a run over workers on any machines',
  positionals: scenarioPositional,
  options: {
    bind: tcpAddress('bind', {
      group,
      describe: 'Where workers join; tcp://0.0.0.0:5557 for all networks',
      defaultDescription: DEFAULT_BIND,
    }),
    'expect-workers': wholeNumber(
      'expect-workers',
      1,
      {
        group,
        default: 1,
        describe: 'Start when this many workers are there; more may join at any time',
      },
      MAX_WORKERS,
    ),
    'expect-workers-max-wait': duration('expect-workers-max-wait', {
      group,
      describe: 'Give up if they are not there by then',
      defaultDescription: 'wait for ever',
    }),
    autostart: {
      type: 'boolean',
      default: true,
      group,
      describe: 'Start by itself; with --no-autostart wait for `drumline start`',
    },
    'on-sigterm': {
      choices: ['stop', 'hand-over'],
      default: 'stop',
      requiresArg: true,
      group,
      describe:
        'On SIGTERM, stop the run, or exit and leave the run to the next master, as for a pod that is evicted; needs --data-dir',
    },
    resume: {
      type: 'string',
      group,
      describe:
        'Go on with a run whose master died: the newest, or this one (see `drumline runs`); scenario and load are those of the run',
    },
    ...planOptions,
    ...secretOptions,
    ...outputOptions,
    ...storeOptions,
    ...masterOptions,
  },
  examples: [
    [
      'scenario.ts --bind tcp://0.0.0.0:5557 --key-file drumline.key --expect-workers 4',
      'Start when four workers with the token have joined',
    ],
    ['scenario.ts --no-autostart', 'Wait for `drumline start`'],
    ['--resume', 'Go on with the last run, whose master died'],
  ],
  run: async (args, written) => {
    requireShorter(args.heartbeat, args.missingAfter);
    warnOfLittleMemory({ lanes: 0, master: true });
    const secrets = readSecrets(args);
    if (args.onSigterm === 'hand-over' && (args.dataDir === undefined || !args.store)) {
      throw wrong(
        'on-sigterm',
        'hand-over needs a kept run that the next master finds',
        'Name a directory that outlives this process with --data-dir, and leave --no-store out.',
      );
    }
    const dataDir = requireDataDir(args);
    const taken = args.resume === undefined ? undefined : await resumed(args.resume, dataDir);
    const before = taken?.state.run;
    const scenario = before?.scenario ?? requireScenario(args.scenario, 'master');
    const outputs = planOutputs(args, scenario, new Date());
    const api = args.api ?? apiOf(before) ?? DEFAULT_API;
    const options = {
      scenario,
      overrides: readOverrides(args),
      secrets,
      bind: args.bind ?? before?.workerAddress ?? DEFAULT_BIND,
      api: api === false ? null : { ...api, orAnyPort: false },
      expectWorkers: args.expectWorkers,
      expectWorkersMaxWaitMs: args.expectWorkersMaxWait ?? null,
      autostart: args.autostart,
      heartbeatMs: args.heartbeat,
      missingAfterMs: args.missingAfter,
      onWorkerLost: args.onWorkerLost,
      keepGoing: args.keepGoing,
      given: givenOptions(master.options, written),
      dataDir,
      // Whoever names a directory may start the same command again when the master has died.
      resume: taken ?? (args.dataDir === undefined ? undefined : 'interrupted'),
    } as const;
    const key = requireKey(options, args);
    if (!key) warnOfOpenSecrets(options);
    const companions = { masterReady: () => {}, end: () => Promise.resolve() };
    return await followMaster({ ...options, key }, outputs, args.quiet, () => companions, args.onSigterm);
  },
});

/** @param run the beginning of an id, or nothing (`--resume` alone, DRUMLINE_RESUME=true) for the last one */
async function resumed(run: string, dataDir: string | null): Promise<ResumableRun> {
  if (dataDir === null) {
    throw wrong('resume', 'there is nothing to go on with where nothing is kept', 'Leave --no-store out.');
  }
  const { openRunToResume } = await import('@drumline/master');
  return await openRunToResume(dataDir, run === '' || run === 'true' ? undefined : run);
}

/** Where the control API of a run was. */
function apiOf(run: ResumableRun['state']['run'] | undefined): HostPort | undefined {
  if (run?.apiUrl === undefined) return undefined;
  const { hostname, port } = new URL(run.apiUrl);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** They are told to every worker. */
function warnOfOpenSecrets({ bind, secrets }: { bind: string; secrets: Secrets }): void {
  if (isLoopback(bind) || Object.keys(secrets).length === 0) return;
  console.error(`warning: the secrets go over the network unencrypted, to whoever joins at ${bind}`);
}
