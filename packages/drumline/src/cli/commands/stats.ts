import { ApiClient } from '../api-client.js';
import { defineCommand } from '../command.js';
import { clientOptions } from '../options/client.js';
import { viewOptions } from '../run/screen.js';

export const stats = defineCommand({
  usage: 'stats',
  about: 'Show the numbers up to now',
  options: clientOptions,
  examples: [
    ['', 'A line for each series, then errors, checks, metrics and connections'],
    ['--json', 'For scripts'],
  ],
  run: async ({ api, json }) => {
    const view = await new ApiClient(api).stats();
    if (json) return console.log(JSON.stringify(view, null, 2));
    const { renderStats } = await import('../../view/stats.js');
    console.log(renderStats(view, viewOptions(process.stdout)));
  },
});
