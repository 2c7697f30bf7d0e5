import { defineCommand } from '../command.js';
import { callMaster, clientOptions } from '../options/client.js';

export const deleteRun = defineCommand({
  usage: 'delete <run>',
  about: 'Delete a run of a master that stays, which has ended, with its result and files',
  positionals: {
    run: {
      type: 'string',
      demandOption: true,
      describe: 'The run: its id, or a unique beginning of 4 or more characters',
    },
  },
  options: clientOptions,
  examples: [['3f2a9c01', 'Delete one run; `drumline queue --all` lists them']],
  run: async ({ run, json, ...args }) => {
    const reply = await callMaster(args, (master) => master.deleteRun(run));
    console.log(json ? JSON.stringify(reply) : reply.message);
  },
});
