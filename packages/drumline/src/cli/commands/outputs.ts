import { columns } from '../columns.js';
import { defineCommand } from '../command.js';

export const outputs = defineCommand({
  usage: 'outputs',
  about: 'List where --out can write the seconds of a run',
  options: { json: { type: 'boolean', default: false, describe: 'Print the list as JSON' } },
  examples: [['', 'Show each output with an example']],
  run: async ({ json }) => {
    const { listOutputs } = await import('@drumline/outputs');
    const listed = await listOutputs();
    if (json) return console.log(JSON.stringify(listed, null, 2));
    const rows = listed.map(({ name, text, example, install }) => [
      name,
      `--out '${example}'`,
      install === undefined ? text : `${text} (npm install ${install})`,
    ]);
    console.log(columns(rows));
  },
});
