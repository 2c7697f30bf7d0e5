import { defineCommand } from '../command.js';
import { clientOptions, openClient } from '../options/client.js';
import { viewOptions } from '../run/screen.js';

export const stats = defineCommand({
  usage: 'stats',
  about: 'Show the numbers up to now',
  options: clientOptions,
  examples: [
    ['', 'A line for each series, then errors, checks, metrics and connections'],
    ['--json', 'For scripts'],
  ],
  run: async ({ json, ...args }) => {
    const view = await openClient(args).stats();
    if (json) return console.log(JSON.stringify(view, null, 2));
    const { renderStats } = await import('../../view/stats.js');
    console.log(renderStats(view, viewOptions(process.stdout)));
  },
});
