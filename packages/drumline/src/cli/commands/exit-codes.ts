import { EXIT_CODES } from '@drumline/model';
import { columns } from '../columns.js';
import { defineCommand } from '../command.js';

export const exitCodes = defineCommand({
  usage: 'exit-codes',
  about: 'List the exit codes',
  options: { json: { type: 'boolean', default: false, describe: 'Print the list as JSON' } },
  examples: [['', 'Show code, name and meaning']],
  run: async ({ json }) => {
    if (json) console.log(JSON.stringify(EXIT_CODES, null, 2));
    else
      console.log(
        columns(
          Object.entries(EXIT_CODES).map(([name, { exitCode, meaning }]) => [
            String(exitCode),
            name,
            meaning,
          ]),
          [0],
        ),
      );
  },
});
