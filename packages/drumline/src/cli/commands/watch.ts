import { defineCommand } from '../command.js';
import { callMaster, runClientOptions } from '../options/client.js';
import { followRun } from '../run/follow-run.js';

export const watch = defineCommand({
  usage: 'watch',
  about: 'Follow a run until it ends, and exit with its exit code',
  options: {
    ...runClientOptions,
    json: { type: 'boolean', default: false, describe: 'Print each event as a line of JSON' },
  },
  examples: [
    ['', 'Show the live view'],
    ['--json', 'Print a line of JSON for each event'],
  ],
  run: ({ json, run, ...args }) =>
    callMaster(args, async (master) => {
      // `current` may become another run while this one is watched.
      const { runId } = await master.run(run).view();
      const { exitCode } = await followRun(master.run(runId), {
        json,
        out: process.stdout,
        quiet: json,
        reconnect: false,
      });
      return exitCode;
    }),
});
