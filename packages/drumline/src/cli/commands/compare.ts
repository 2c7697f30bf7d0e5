import { DrumlineError, EXIT_CODES } from '@drumline/model';
import { defineCommand } from '../command.js';
import { cannotTellOption, failIfOption, isFailed, marginOption } from '../options/compare.js';
import { storedRunsOptions } from '../options/store.js';
import { duration } from '../options/values.js';
import { openPastRun, withHistory } from '../past-run.js';
import { viewOptions } from '../run/screen.js';

export const compare = defineCommand({
  usage: 'compare <baseline> [new]',
  about: 'Compare two runs: is a difference more than noise?',
  positionals: {
    baseline: {
      type: 'string',
      demandOption: true,
      describe:
        'A stored run (its id or the beginning of it, latest, or a scenario file), a run file, a file written by --json, postgres://USER@HOST/DATABASE#RUN, previous, or label:NAME=VALUE for the newest finished run with that label',
    },
    new: {
      type: 'string',
      default: 'latest',
      describe: 'The run that is compared with the baseline, named in the same ways',
    },
  },
  options: {
    ...storedRunsOptions,
    'fail-if': failIfOption(),
    skip: duration('skip', {
      describe: 'Leave out this much at the start of both runs as their warm-up',
      defaultDescription: 'detected',
    }),
    margin: marginOption(),
    'cannot-tell': cannotTellOption(),
    json: { type: 'boolean', default: false, describe: 'Print the comparison as JSON' },
  },
  examples: [
    ['previous', 'Compare the last run with the one before it'],
    ['label:branch=main latest', 'Compare with the newest run of a branch'],
    ['previous --from postgres://ada@db.example.com/load', 'Compare the last two runs of a database'],
    ["3f2a9c01 77ab0012 --fail-if 'p99 > +10%'", 'Fail if p99 rose by more than 10 %, and not by chance'],
    [
      "main.db latest --fail-if 'POST /orders: p95 > +20ms' --skip 30s",
      'Compare with a run file from elsewhere',
    ],
  ],
  run: async ({ baseline, new: named, dataDir, from, failIf = [], skip, margin, cannotTell, json }) => {
    const compared = await openPastRun(named, { dataDir, from });
    const { id, scenario, startedAt } = compared.result.run;
    const before = await openPastRun(
      baseline,
      { dataDir, from },
      { path: compared.path, scenario, runId: id, startedAt },
    );
    if (before.result.run.id === compared.result.run.id)
      throw new DrumlineError('usage', 'The baseline and the new run are the same run.', LIST);
    const { compareRuns } = await import('@drumline/master/report');
    const comparison = compareRuns(await withHistory(before), await withHistory(compared), {
      conditions: failIf,
      skipMs: skip,
      margin,
    });
    if (json) console.log(JSON.stringify(comparison, null, 2));
    else {
      const { renderComparison } = await import('../../view/comparison.js');
      console.log(renderComparison(comparison, viewOptions(process.stdout)));
    }
    return isFailed(comparison.conditions, cannotTell) ? EXIT_CODES.regression.exitCode : 0;
  },
});

const LIST = '`drumline runs` lists all runs.';
