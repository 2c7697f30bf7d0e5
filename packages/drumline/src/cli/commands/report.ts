import { defineCommand } from '../command.js';
import { openPastRun } from '../past-run.js';
import { ciOutputOptions } from '../options/outputs.js';
import { storedRunsOptions } from '../options/store.js';
import { viewOptions } from '../run/screen.js';
import { requireWritable, writeOutputs } from '../run/outputs.js';

export const report = defineCommand({
  usage: 'report <result>',
  about: 'Show a past run, or write its reports again',
  positionals: {
    result: {
      type: 'string',
      demandOption: true,
      describe:
        'A stored run (its id or the beginning of it, latest, or a scenario file for its newest run), postgres://USER@HOST/DATABASE#RUN, or a file written by --json',
    },
  },
  options: {
    ...storedRunsOptions,
    json: {
      type: 'string',
      requiresArg: true,
      describe: 'Write the result as JSON to this file; - writes to stdout, without the summary',
    },
    html: { type: 'string', requiresArg: true, describe: 'Write the HTML report to this file' },
    csv: {
      type: 'string',
      requiresArg: true,
      describe: 'Write CSV files with this prefix: PREFIX_stats.csv and others',
    },
    ...ciOutputOptions(),
    quiet: { type: 'boolean', default: false, describe: 'Do not print the summary' },
  },
  examples: [
    ['latest', 'Show the summary of the last run'],
    ['3f2a9c01 --html report.html', 'Write the HTML report of a run'],
    ['shop.ts', 'Show the newest run of a scenario'],
    ['latest --junit junit.xml', 'Write the verdict for a CI system'],
    [
      'postgres://ada@db.example.com/load#label:branch=main',
      'Show the newest run of a branch from a database',
    ],
    ['result.json --csv results/today', 'Write CSV files from a result written with --json'],
  ],
  run: async ({ result: named, dataDir, from, quiet, ...outputs }) => {
    requireWritable(outputs);
    const { result, readSeries } = await openPastRun(named, { dataDir, from });
    const onStdout = outputs.json === '-';
    if (!quiet && !onStdout) {
      const { renderSummary } = await import('../../view/summary.js');
      console.log(renderSummary(result, viewOptions(process.stdout)));
    }
    const print = (line: string): void => (onStdout ? console.error(line) : console.log(line));
    await writeOutputs(result, outputs, print, { readSeries });
  },
});
