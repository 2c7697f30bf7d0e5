import { defineCommand } from '../command.js';
import { callRun, runClientOptions } from '../options/client.js';

export const annotate = defineCommand({
  usage: 'annotate <text>',
  about: 'Add a remark to the timeline of the run, such as a deployment',
  positionals: { text: { type: 'string', demandOption: true, describe: 'At most 500 characters' } },
  options: {
    ...runClientOptions,
    at: { type: 'string', requiresArg: true, describe: 'Instant in ISO 8601; default: now' },
  },
  examples: [
    ['"deployed 1.4.2"', 'Mark this moment'],
    ['"cache cleared" --at 2026-11-29T15:00:00Z', 'Mark another moment'],
  ],
  run: async ({ text, at, json, ...args }) => {
    const annotation = await callRun(args, (run) => run.annotate(text, at));
    console.log(json ? JSON.stringify(annotation) : `Noted at ${annotation.at}.`);
  },
});
