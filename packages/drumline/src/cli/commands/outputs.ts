import { closest, DrumlineError } from '@drumline/model';
import type { ListedOutput } from '@drumline/outputs';
import { columns } from '../columns.js';
import { defineCommand } from '../command.js';

/** Every output has it. */
const OPTIONAL = {
  name: 'optional',
  text: 'Begin the run although the service does not answer, and try again during the run',
};

export const outputs = defineCommand({
  usage: 'outputs [output]',
  about: 'List where --out and --tap can write the seconds of a run, or show the options of one',
  positionals: {
    output: { type: 'string', describe: 'Name of an output or a tap, such as postgres or unix' },
  },
  options: { json: { type: 'boolean', default: false, describe: 'Print JSON' } },
  examples: [
    ['', 'Show each output with an example'],
    ['postgres', 'Show the options of an output'],
    ['unix', 'Show the options of a tap'],
  ],
  run: async ({ output, json }) => {
    const { listOutputs } = await import('@drumline/outputs');
    const listed = (await listOutputs()).map((one) => ({
      ...one,
      options: [...(one.options ?? []), OPTIONAL],
    }));
    if (output === undefined) return console.log(json ? jsonOf(listed) : listOf(listed));
    const found = listed.find(({ name }) => name === output || shortName(name) === output);
    if (!found) throw unknown(output, listed);
    console.log(json ? jsonOf(found) : describe(found));
  },
});

function listOf(listed: readonly ListedOutput[]): string {
  const outputsFirst = listed.toSorted((a, b) => Number(isTap(a)) - Number(isTap(b)));
  const rows = outputsFirst.map((one) => [
    shortName(one.name),
    commandOf(one),
    `${one.text}${installOf(one)}`,
  ]);
  return `${columns(rows)}\n\n\`drumline outputs NAME\` shows the options of an output.`;
}

function describe(one: ListedOutput): string {
  const rows = (one.options ?? []).map(({ name, text, standard }) => [
    `  ${name}`,
    standard === undefined ? text : `${text} [default: ${standard}]`,
  ]);
  const lines = [`${one.text}${installOf(one)}.`, '', `  ${commandOf(one)}`, ''];
  return [...lines, 'Options follow a ?, separated by &, such as ?optional=true:', columns(rows)].join('\n');
}

/** How it is written on the command line: `--tap unix:/run/drumline.sock`. */
function commandOf({ name, example }: ListedOutput): string {
  if (!isTap({ name })) return `--out '${example}'`;
  const address = example.slice(example.indexOf('=') + 1);
  const kind = shortName(name);
  return `--tap ${kind === 'amqp' ? address : `${kind}:${address}`}`;
}

function installOf({ install }: ListedOutput): string {
  return install === undefined ? '' : ` (npm install ${install})`;
}

function isTap({ name }: Pick<ListedOutput, 'name'>): boolean {
  return name.startsWith('tap-');
}

function shortName(name: string): string {
  return name.replace(/^tap-/, '');
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function unknown(output: string, listed: readonly ListedOutput[]): DrumlineError {
  const names = listed.map(({ name }) => shortName(name));
  const meant = closest(output, names);
  return new DrumlineError(
    'usage',
    `there is no output '${output}'`,
    meant === undefined ? `Outputs: ${names.join(', ')}.` : `Did you mean ${meant}?`,
  );
}
