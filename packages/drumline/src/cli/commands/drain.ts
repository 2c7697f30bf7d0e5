import { defineCommand } from '../command.js';
import { callMaster, clientOptions } from '../options/client.js';

export const drain = defineCommand({
  usage: 'drain <worker>',
  about: 'Let a worker leave: its users move to other workers, then its process ends',
  positionals: {
    worker: { type: 'string', demandOption: true, describe: 'The worker: its name or id, see workers' },
  },
  options: clientOptions,
  examples: [
    ['box-2', 'Free a machine; start the worker again to undo it'],
    ['box-2 --api 10.0.0.5:8089 --api-token-file drumline.api-token', 'With the token for administration'],
  ],
  run: async ({ worker, json, ...args }) => {
    const reply = await callMaster(args, (master) => master.drain(worker));
    console.log(json ? JSON.stringify(reply) : reply.message);
  },
});
