import { readFile } from 'node:fs/promises';
import { DrumlineError, messageOf } from '@drumline/model';
import type { RunResult } from '@drumline/wire';
import { defineCommand } from '../command.js';
import { viewOptions } from '../run/screen.js';
import { requireWritable, writeOutputs } from '../run/outputs.js';

export const report = defineCommand({
  usage: 'report <result>',
  about: 'Show a result that --json wrote, and make its reports again',
  positionals: { result: { type: 'string', demandOption: true, describe: 'The JSON file' } },
  options: {
    html: { type: 'string', requiresArg: true, describe: 'Write the HTML report to this file' },
    csv: { type: 'string', requiresArg: true, describe: 'Write PREFIX_stats.csv and the others' },
    quiet: { type: 'boolean', default: false, describe: 'Leave out the summary' },
  },
  examples: [
    ['result.json', 'Show the summary'],
    ['result.json --html report.html', 'Make the HTML report'],
  ],
  run: async ({ result: path, html, csv, quiet }) => {
    requireWritable({ html, csv });
    const result = await readResult(path);
    if (!quiet) {
      const { renderSummary } = await import('../../view/summary.js');
      console.log(renderSummary(result, viewOptions(process.stdout)));
    }
    await writeOutputs(result, { html, csv }, (line) => console.log(line));
  },
});

async function readResult(path: string): Promise<RunResult> {
  const { readRunResult } = await import('@drumline/wire');
  const hint = 'Name a file that `drumline run --json FILE` wrote.';
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new DrumlineError('usage', `${path} cannot be read: ${messageOf(error)}`, hint);
  }
  const read = readRunResult(value);
  if ('result' in read) return read.result;
  throw new DrumlineError('usage', `${path} is no result of a run: ${read.problem}`, hint);
}
