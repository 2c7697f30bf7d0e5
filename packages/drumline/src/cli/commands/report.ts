import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';
import type { RunResult } from '@drumline/wire';
import { defineCommand } from '../command.js';
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
        'A stored run (its id or the beginning of it, latest, or a scenario file for its newest run), or a file written by --json',
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
    quiet: { type: 'boolean', default: false, describe: 'Do not print the summary' },
  },
  examples: [
    ['latest', 'Show the summary of the last run'],
    ['3f2a9c01 --html report.html', 'Write the HTML report of a run'],
    ['shop.ts', 'Show the newest run of a scenario'],
    ['result.json --csv results/today', 'Write CSV files from a result written with --json'],
  ],
  run: async ({ result: named, dataDir, quiet, ...outputs }) => {
    requireWritable(outputs);
    const result = isFile(named) ? await readResult(named) : await readStored(named, dataDir);
    const onStdout = outputs.json === '-';
    if (!quiet && !onStdout) {
      const { renderSummary } = await import('../../view/summary.js');
      console.log(renderSummary(result, viewOptions(process.stdout)));
    }
    await writeOutputs(result, outputs, (line) => (onStdout ? console.error(line) : console.log(line)));
  },
});

/** The extension of a scenario file, which selects its newest run. */
const SCENARIO = /\.[mc]?[jt]s$/;

/** Whether the argument is the path of a result. Ids of runs have no slash and no extension. */
function isFile(named: string): boolean {
  if (SCENARIO.test(named)) return false;
  return existsSync(named) || /[/\\]|\.json$/.test(named);
}

async function readStored(named: string, dataDir: string): Promise<RunResult> {
  const { findRun } = await import('@drumline/master/store');
  const { pastResult } = await import('@drumline/master/report');
  return pastResult(findRun(dataDir, SCENARIO.test(named) ? basename(named) : named, 'newest'));
}

async function readResult(path: string): Promise<RunResult> {
  if (path.endsWith('.db')) return (await import('@drumline/master/report')).pastResult(path);
  const { readRunResult } = await import('@drumline/wire');
  const hint = 'Name a file that `drumline run --json FILE` wrote, or a run that `drumline runs` lists.';
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new DrumlineError('usage', `${path} cannot be read: ${messageOf(error)}`, hint);
  }
  const read = readRunResult(value);
  if ('result' in read) return read.result;
  throw new DrumlineError('usage', `${path} is not a result of a run: ${read.problem}`, hint);
}
