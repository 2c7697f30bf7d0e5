import { defineCommand } from '../command.js';
import { callRun, runClientOptions } from '../options/client.js';
import { viewOptions } from '../run/screen.js';

export const stats = defineCommand({
  usage: 'stats',
  about: 'Show the statistics so far',
  options: runClientOptions,
  examples: [
    ['', 'Show series, errors, checks, metrics and connections'],
    ['--json', 'Print JSON for scripts'],
  ],
  run: async ({ json, ...args }) => {
    const view = await callRun(args, (run) => run.stats());
    if (json) return console.log(JSON.stringify(view, null, 2));
    const { renderStats } = await import('../../view/stats.js');
    console.log(renderStats(view, viewOptions(process.stdout)));
  },
});
