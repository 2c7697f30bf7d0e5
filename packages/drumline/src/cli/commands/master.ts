import { defineCommand } from '../command.js';
import { isLoopback, tcpAddress } from '../options/address.js';
import { DEFAULT_API, masterOptions } from '../options/master.js';
import { outputOptions } from '../options/outputs.js';
import { planOptions, readOverrides } from '../options/plan.js';
import { requireScenario, scenarioPositional } from '../options/scenario.js';
import { duration, wholeNumber } from '../options/values.js';
import { followMaster, requireShorter } from '../run/follow.js';
import { planOutputs } from '../run/outputs.js';

const group = 'Cluster:';

export const master = defineCommand({
  usage: 'master [scenario]',
  about: 'Coordinate a run over workers on any machines',
  positionals: scenarioPositional,
  options: {
    bind: tcpAddress('bind', {
      group,
      default: 'tcp://127.0.0.1:5557',
      describe: 'Where workers join; tcp://0.0.0.0:5557 for all networks',
    }),
    'expect-workers': wholeNumber('expect-workers', 1, {
      group,
      default: 1,
      describe: 'Start when this many workers are there; more may join at any time',
    }),
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
    ...planOptions,
    ...outputOptions,
    ...masterOptions,
  },
  examples: [
    ['scenario.ts --bind tcp://0.0.0.0:5557 --expect-workers 4', 'Start when four workers have joined'],
    ['scenario.ts --no-autostart', 'Wait for `drumline start`'],
  ],
  run: async (args) => {
    const scenario = requireScenario(args.scenario, 'master');
    const outputs = planOutputs(args, scenario, new Date());
    requireShorter(args.heartbeat, args.missingAfter);
    const options = {
      scenario,
      overrides: readOverrides(args),
      bind: args.bind,
      api: args.api === false ? null : { ...(args.api ?? DEFAULT_API), orAnyPort: false },
      expectWorkers: args.expectWorkers,
      expectWorkersMaxWaitMs: args.expectWorkersMaxWait ?? null,
      autostart: args.autostart,
      heartbeatMs: args.heartbeat,
      missingAfterMs: args.missingAfter,
    };
    warnOfStrangers(options);
    return await followMaster(options, outputs, args.quiet, () => ({
      masterReady: () => {},
      end: () => Promise.resolve(),
    }));
  },
});

function warnOfStrangers({ bind, api }: { bind: string; api: { host: string; port: number } | null }): void {
  if (!isLoopback(bind)) {
    console.error(`warning: whoever reaches ${bind} may join as a worker and gets the scenario’s code`);
  }
  if (api !== null && !isLoopback(api.host)) {
    console.error(`warning: whoever reaches ${api.host}:${api.port} may see and control the run`);
  }
}
