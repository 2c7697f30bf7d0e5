import { defineCommand, type Command } from '../command.js';
import { requireKey } from '../credentials/require.js';
import { givenOptions } from '../options/given.js';
import { terminationOption } from '../options/outputs.js';
import { readOverrides } from '../options/plan.js';
import { tlsPaths, uiOption } from '../options/master.js';
import { scenarioPositional } from '../options/scenario.js';
import { followMaster } from '../run/follow.js';
import { localRunOptions, planLocalRun } from '../run/local-run.js';
import { withTerminationLog } from '../run/termination-log.js';
import { readSecrets } from '../secrets/read.js';

const options = {
  ...localRunOptions,
  ui: uiOption,
  'termination-log': terminationOption,
} as const;

export const run: Command = defineCommand({
  usage: 'run [scenario]',
  about: 'Run a scenario with a master and workers on this machine',
  positionals: scenarioPositional,
  options,
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
    ['scenario.ts --ui', 'Open the dashboard in the browser'],
    ['scenario.ts --workers 2 --lanes 4', 'Run eight lanes in two workers'],
  ],
  run: async (args, written) =>
    await withTerminationLog(args.terminationLog, async (termination) => {
      const local = await planLocalRun(args, {
        scenario: args.scenario,
        overrides: await readOverrides(args),
        secrets: readSecrets(args),
        given: givenOptions(options, written),
      });
      // The workers are child processes on loopback, so the key protects only the control API.
      const apiToken = requireKey(local.master, args)?.roleTokens ?? null;
      const { apiAllowOrigin: apiAllowedOrigins } = args;
      const master = { ...local.master, apiToken, tls: tlsPaths(args), apiAllowedOrigins };
      return await followMaster(
        master,
        { ...local.outputs, termination, ui: args.ui },
        args.quiet,
        (screen) => {
          const workers = local.startWorkers(screen);
          return {
            lost: workers.allLost,
            end: () => workers.end(),
            masterReady: ({ workerAddress }) => workers.join(workerAddress),
          };
        },
      );
    }),
});
