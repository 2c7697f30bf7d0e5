import { defineCommand, type Command } from '../command.js';
import { requireKey } from '../credentials/require.js';
import { nodePathFor } from '../options/external.js';
import { givenOptions } from '../options/given.js';
import { defaultLanes, requireSensibleLanes, warnIfLittleMemory } from '../options/lanes.js';
import { DEFAULT_API, masterOptions, quantilesEvery } from '../options/master.js';
import { baselineOptions } from '../options/compare.js';
import { outputOptions } from '../options/outputs.js';
import { planOptions, readOverrides } from '../options/plan.js';
import { requireScenario, scenarioPositional } from '../options/scenario.js';
import { secretOptions } from '../options/secrets.js';
import { createSampleFile, sampleOptions } from '../options/samples.js';
import { DEFAULT_DATA_DIR, requireDataDir, storeOptions } from '../options/store.js';
import { wholeNumber } from '../options/values.js';
import { followMaster, requireHeartbeat } from '../run/follow.js';
import { startLocalWorkers } from '../run/local-workers.js';
import { planComparison } from '../run/baseline.js';
import { planOutputs } from '../run/outputs.js';
import { readSecrets } from '../secrets/read.js';

const group = 'Workers:';
/** Deadline for the local workers to join. */
const WORKERS_WITHIN_MS = 30_000;
/** Applies if the master hangs. If it exits, its workers exit at once. */
const ORPHAN_GRACE_MS = 30_000;

export const run: Command = defineCommand({
  usage: 'run [scenario]',
  about: 'Run a scenario with a master and workers on this machine',
  positionals: scenarioPositional,
  options: {
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
    ...sampleOptions,
    ...baselineOptions,
    ...storeOptions,
    ...masterOptions,
  },
  examples: [
    ['scenario.ts', 'Run the scenario with its own load'],
    ['scenario.ts -u 50 -r 5 -t 2m', 'Run 50 users, started five per second, for two minutes'],
    ['scenario.ts --rate 200/s -t 5m', 'Start 200 iterations per second, however long they take'],
    ['scenario.ts --arrivals 50/s -t 5m --random', 'Let new users arrive, at random times'],
    ['scenario.ts --iterations 1000 -u 20', 'Run 1,000 iterations with 20 users, then end'],
    ['scenario.ts --stage 2m:500 --stage 10m:500', 'Ramp to 500 users, and hold them'],
    [
      'scenario.ts -H https://staging.example --json result.json',
      'Test another target, and write the result as JSON',
    ],
    [
      "scenario.ts --baseline label:branch=main --fail-if 'p99 > +10%'",
      'Fail if the run is slower than the last one of a branch',
    ],
    ['scenario.ts --workers 2 --lanes 4', 'Run eight lanes in two workers'],
  ],
  run: async (args, written) => {
    const scenario = requireScenario(args.scenario, 'run');
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
    const options = {
      scenario,
      overrides: await readOverrides(args),
      secrets: readSecrets(args),
      bind: 'tcp://127.0.0.1:0',
      api: args.api === false ? null : { ...(args.api ?? DEFAULT_API), orAnyPort: args.api === undefined },
      expectWorkers: args.workers,
      expectWorkersMaxWaitMs: WORKERS_WITHIN_MS,
      autostart: true,
      heartbeatMs: args.heartbeat,
      missingAfterMs: args.missingAfter,
      onWorkerLost: args.onWorkerLost,
      keepGoing: args.keepGoing,
      untrusted: args.untrusted,
      quantilesEverySeconds: quantilesEvery(args.quantilesEvery),
      given: givenOptions(run.options, written),
      dataDir,
      standalone: true,
    };
    // The workers are child processes on loopback, so the key protects only the control API.
    const apiToken = requireKey(options, args)?.apiToken.text ?? null;
    return await followMaster({ ...options, apiToken }, outputs, args.quiet, (screen) => {
      const order = {
        lanes,
        laneHeapMb: args.laneHeap ?? null,
        orphanGraceMs: ORPHAN_GRACE_MS,
        reconnectForMs: ORPHAN_GRACE_MS,
        connectTimeoutMs: WORKERS_WITHIN_MS,
        samples,
      };
      const env = args.external ? { ...process.env, NODE_PATH: nodePathFor(scenario) } : process.env;
      const workers = startLocalWorkers(args.workers, order, screen, env);
      return {
        lost: workers.allLost,
        end: () => workers.end(),
        masterReady: ({ workerAddress }) => workers.join(workerAddress),
      };
    });
  },
});
