import { basename } from 'node:path';
import { DrumlineError } from '@drumline/model';
import { listRuns, type RunSummary } from './catalogue.js';
import { findRun } from './find.js';
import { runsDirectory } from './open.js';

/** Selects the runs that have all of these labels. */
export type LabelFilter = Readonly<Record<string, string>>;

export function hasLabels({ labels = {} }: Pick<RunSummary, 'labels'>, wanted: LabelFilter): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** The run that is compared with the one that is searched. */
export interface ComparedWith {
  /** Its run file, which is never found. Undefined if it has none yet. */
  readonly path?: string | undefined;
  readonly scenario?: string;
}

/**
 * Finds a run file. `previous` is the newest finished run of the same scenario, before the one that
 * is compared. `label:branch=main` is the newest finished run with that label. Other words are
 * those of `findRun`.
 * @throws DrumlineError `usage` if no run or more than one matches
 */
export function findBaseline(dataDirectory: string, word: string, compared: ComparedWith = {}): string {
  const isLabel = word.startsWith('label:');
  if (!isLabel && word !== 'previous') return findRun(dataDirectory, word, 'newest');
  const runs = listRuns(dataDirectory).filter((run): run is RunSummary => 'runId' in run);
  const own = runs.findIndex(({ path }) => isSameFile(path, compared.path));
  const isFinished = ({ state }: RunSummary, at: number): boolean => state === 'finished' && at !== own;
  if (isLabel) {
    const labels = readLabels(word);
    const found = runs.filter(isFinished).find((run) => hasLabels(run, labels));
    return found?.path ?? notFound(dataDirectory, word, runs);
  }
  const { scenario = runs[0]?.scenario } = compared;
  const found = runs.find((run, at) => isFinished(run, at) && at > own && run.scenario === scenario);
  return found?.path ?? notFound(dataDirectory, word, runs);
}

/**
 * Reads `label:NAME=VALUE`, with a comma between several.
 * @throws DrumlineError `usage`
 */
export function readLabels(word: string): LabelFilter {
  const pairs = word
    .slice('label:'.length)
    .split(',')
    .map((pair) => /^([^=]+)=(.*)$/s.exec(pair));
  if (pairs.some((pair) => pair === null))
    throw new DrumlineError('usage', `'${word}' is not label:NAME=VALUE`, 'Write label:branch=main.');
  return Object.fromEntries(pairs.map((pair) => [pair![1]!.trim(), pair![2]!.trim()]));
}

function notFound(dataDirectory: string, word: string, runs: readonly RunSummary[]): never {
  const where = runsDirectory(dataDirectory);
  if (word === 'previous') {
    throw new DrumlineError(
      'usage',
      `There is no earlier finished run of the same scenario in ${where}.`,
      '`drumline runs` lists all runs. In a pipeline, keep the directory of the runs between jobs.',
    );
  }
  const present = [
    ...new Set(runs.flatMap(({ labels = {} }) => Object.entries(labels).map((pair) => pair.join('=')))),
  ];
  const hint =
    present.length === 0
      ? 'No run there has labels. Pass --label NAME=VALUE to drumline run.'
      : `Labels there: ${present.slice(0, 8).join(', ')}.`;
  throw new DrumlineError(
    'usage',
    `There is no finished run with ${word.slice('label:'.length)} in ${where}.`,
    hint,
  );
}

function isSameFile(path: string, other: string | undefined): boolean {
  return other !== undefined && basename(path) === basename(other);
}
