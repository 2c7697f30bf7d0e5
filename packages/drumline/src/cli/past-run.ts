import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';
import type { ComparedWith } from '@drumline/master/store';
import type { RunResult } from '@drumline/wire';
import type { ReadTimedSeries, RunToCompare } from '@drumline/master/report';
import type { ComparedRun } from './archived-run.js';

/** A run that was read from its file, from a database, or from a result file. */
export interface PastRun {
  readonly result: RunResult;
  /** Its run file; absent if it was read from elsewhere. */
  readonly path?: string;
  /** Reads its series over time; absent if only the result is known. */
  readonly readSeries?: ReadTimedSeries;
  /** Reads its counts over time; absent unless it is in a database. */
  readonly readHistory?: () => Promise<RunToCompare['history']>;
}

/** Where runs are searched. */
export interface RunsPlace {
  readonly dataDir: string;
  /** URL of a database that is searched instead. */
  readonly from?: string | undefined;
}

/**
 * Reads the run that an argument names: a stored run, a run file, a result file, or a run of a
 * database. `previous` and `label:NAME=VALUE` search the stored runs, without the run that is
 * compared with it.
 * @throws DrumlineError `usage`
 */
export async function openPastRun(
  named: string,
  { dataDir, from }: RunsPlace,
  compared: ComparedWith & ComparedRun = {},
): Promise<PastRun> {
  const archived = archivedIn(named, from);
  if (archived !== undefined) {
    const { openArchivedRun } = await import('./archived-run.js');
    const { readFromHistory } = await import('@drumline/master/report');
    const opened = await openArchivedRun(...archived, compared);
    return { ...opened, readSeries: readFromHistory(opened.result, opened.readHistory) };
  }
  if (!named.startsWith('label:') && isFile(named)) return await readFileNamed(named);
  const { findBaseline } = await import('@drumline/master/store');
  return await readStored(findBaseline(dataDir, scenarioName(named), compared));
}

/** Reads what a comparison needs of a run. */
export async function withHistory({ result, path, readHistory }: PastRun): Promise<RunToCompare> {
  return { result, path, history: await readHistory?.() };
}

/** The URL of a database and the run in it: `postgres://host/database#RUN`. */
function archivedIn(named: string, from: string | undefined): [url: string, word: string] | undefined {
  if (/^postgres(?:ql)?:/.test(named)) {
    const [url = '', word = ''] = named.split('#', 2);
    return [url, word === '' ? 'latest' : decodeURIComponent(word)];
  }
  const isElsewhere = !named.startsWith('label:') && isFile(named);
  return from === undefined || isElsewhere ? undefined : [from, named];
}

async function readFileNamed(path: string): Promise<PastRun> {
  return path.endsWith('.db') ? await readStored(path) : { result: await readResult(path) };
}

function scenarioName(named: string): string {
  return SCENARIO.test(named) ? basename(named) : named;
}

/** The extension of a scenario file, which selects its newest run. */
const SCENARIO = /\.[mc]?[jt]s$/;

/** Whether the argument is the path of a result. Ids of runs have no slash and no extension. */
function isFile(named: string): boolean {
  if (SCENARIO.test(named)) return false;
  return existsSync(named) || /[/\\]|\.json$/.test(named);
}

async function readStored(path: string): Promise<PastRun> {
  const { pastResult, readFromFile } = await import('@drumline/master/report');
  const result = pastResult(path);
  return { result, path, readSeries: readFromFile(result, path) };
}

async function readResult(path: string): Promise<RunResult> {
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
