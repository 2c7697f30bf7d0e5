import { defineCommand } from '../command.js';
import { callMaster, clientOptions } from '../options/client.js';

export const cancel = defineCommand({
  usage: 'cancel <run>',
  about: 'Cancel a run: remove it from the queue, or end it at once',
  positionals: {
    run: {
      type: 'string',
      demandOption: true,
      describe: 'The run: its id, a unique beginning of 4 or more characters, or current',
    },
  },
  options: clientOptions,
  examples: [
    ['3f2a9c01', 'Cancel one run'],
    ['current', 'Cancel the run in progress'],
  ],
  run: async ({ run, json, ...args }) => {
    const reply = await callMaster(args, (master) => master.run(run).cancel());
    console.log(json ? JSON.stringify(reply) : reply.message);
  },
});
