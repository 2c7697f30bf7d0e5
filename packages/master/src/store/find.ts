import { basename } from 'node:path';
import { DrumlineError } from '@drumline/model';
import { runFiles } from './catalogue.js';
import { runsDirectory } from './open.js';

/** File names of runs: `TIME-SCENARIO-ID.db`. */
const NAME = /^(?:\d{8}T\d{6}Z-)?(?<scenario>.*?)(?:-(?<id>[0-9a-f]{8}))?\.db$/;
/** Number of candidates that a message lists. */
const NAMED = 5;

/**
 * Finds a run file by `latest`, the start of a run ID, the file name, or the scenario name.
 * @param ofScenario which run of a scenario with several is meant; `only` accepts none of them
 * @throws DrumlineError `usage` if no run or more than one matches
 */
export function findRun(dataDirectory: string, word: string, ofScenario: 'newest' | 'only' = 'only'): string {
  const files = runFiles(dataDirectory);
  const where = runsDirectory(dataDirectory);
  if (files.length === 0) {
    throw new DrumlineError(
      'usage',
      `There are no runs in ${where}.`,
      'Pass the directory of the runs with --data-dir.',
    );
  }
  if (word === 'latest') return files[0]!;
  const [found, ...others] = files.filter((path) => isMeant(basename(path), word));
  if (found === undefined) {
    throw new DrumlineError('usage', `There is no run '${word}' in ${where}.`, LIST_THEM);
  }
  if (ofScenario === 'newest' && isOfScenario(basename(found), word)) return found;
  if (others.length > 0) {
    const names = [found, ...others].slice(0, NAMED).map((path) => `  ${basename(path, '.db')}`);
    const more = others.length + 1 - names.length;
    throw new DrumlineError(
      'usage',
      [
        `'${word}' matches ${others.length + 1} runs:`,
        ...names,
        ...(more > 0 ? [`  and ${more} more`] : []),
      ].join('\n'),
      'Give more characters of the ID, which is at the end of the name.',
    );
  }
  return found;
}

/** The file of the run with this id; undefined if there is none. */
export function runFileOf(dataDirectory: string, runId: string): string | undefined {
  return runFiles(dataDirectory).find((path) => path.endsWith(`-${runId.slice(0, 8)}.db`));
}

const LIST_THEM = '`drumline runs` lists all runs.';

function isMeant(name: string, word: string): boolean {
  const { id = '' } = NAME.exec(name)!.groups!;
  const byId = id !== '' && (id.startsWith(word) || word.startsWith(`${id}-`));
  return byId || isOfScenario(name, word) || word === name || `${word}.db` === name;
}

/** Lists show the scenario by its file name: `shop.ts`. */
function isOfScenario(name: string, word: string): boolean {
  const { scenario } = NAME.exec(name)!.groups!;
  return word === scenario || word.replace(/\.\w+$/, '') === scenario;
}
