import { basename } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';
import type { ArchivedRun, ArchiveQuery, RunArchive } from '@drumline/outputs';
import type { RunToCompare } from '@drumline/master/report';
import type { RunResult } from '@drumline/wire';

/** A run of an archive. */
export interface OpenedRun {
  readonly result: RunResult;
  /** Reads its counts over time. */
  readonly readHistory: () => Promise<RunToCompare['history']>;
}

/** The run that is compared with the one that is searched. */
export interface ComparedRun {
  readonly scenario?: string | undefined;
  readonly runId?: string | undefined;
  /** ISO 8601 */
  readonly startedAt?: string | undefined;
}

/**
 * Reads a run of a database.
 * @param url of the database
 * @param word `latest`, `previous`, `label:NAME=VALUE`, the beginning of an id, or a scenario
 * @throws DrumlineError `usage`
 */
export async function openArchivedRun(url: string, word: string, compared: ComparedRun): Promise<OpenedRun> {
  const result = await ask(url, (archive, where) => readResult(archive, word, compared, where));
  return { result, readHistory: () => ask(url, (archive) => archive.history(result.run.id)) };
}

async function ask<T>(url: string, question: (archive: RunArchive, where: string) => Promise<T>): Promise<T> {
  const { openArchive, shownUrl } = await import('@drumline/outputs');
  const where = shownUrl(url);
  try {
    const archive = await openArchive(url);
    try {
      return await question(archive, where);
    } finally {
      await archive.close();
    }
  } catch (error) {
    if (error instanceof DrumlineError) throw error;
    throw new DrumlineError('usage', `${where}: ${messageOf(error)}`, HINT);
  }
}

const HINT = 'Write postgres://USER@HOST/DATABASE#RUN, or the run and --from postgres://USER@HOST/DATABASE.';

async function readResult(
  archive: RunArchive,
  word: string,
  compared: ComparedRun,
  where: string,
): Promise<RunResult> {
  const { runId, scenario, state } = await find(archive, word, compared, where);
  const value = await archive.result(runId);
  if (value === undefined)
    throw new DrumlineError(
      'usage',
      `Run ${runId} of ${scenario} has no result yet: its state is '${state}'.`,
      'A run gets its result when it ends. Read the seconds so far with SQL.',
    );
  const { readRunResult } = await import('@drumline/wire');
  const outcome = readRunResult(value);
  if ('problem' in outcome)
    throw new DrumlineError('usage', `The result of run ${runId} cannot be read: ${outcome.problem}`);
  return outcome.result;
}

async function find(
  archive: RunArchive,
  word: string,
  compared: ComparedRun,
  where: string,
): Promise<ArchivedRun> {
  const isOther = ({ runId }: ArchivedRun): boolean => runId !== compared.runId;
  for (const query of await queriesOf(word, compared)) {
    const found = (await archive.find(query)).filter(isOther);
    if (found.length > 1 && query.id !== undefined) throw ambiguous(word, found);
    if (found[0] !== undefined) return found[0];
  }
  throw new DrumlineError(
    'usage',
    `There is no run '${word}' in ${where}.`,
    `List them with SQL: SELECT run_id, scenario, started_at FROM drumline.run ORDER BY started_at DESC;`,
  );
}

/** What a word may mean, in order. */
async function queriesOf(word: string, { scenario, startedAt }: ComparedRun): Promise<ArchiveQuery[]> {
  if (word === 'latest') return [{ hasResult: true }];
  const before = startedAt === undefined ? {} : { startedBefore: startedAt };
  const same = scenario === undefined ? {} : { scenario };
  if (word === 'previous') return [{ state: 'finished', hasResult: true, ...same, ...before }];
  if (word.startsWith('label:')) {
    const { readLabels } = await import('@drumline/master/store');
    return [{ state: 'finished', hasResult: true, labels: readLabels(word) }];
  }
  const byScenario = { scenario: basename(word), hasResult: true };
  return /^[0-9a-f-]+$/i.test(word) ? [{ id: word }, byScenario] : [byScenario];
}

function ambiguous(word: string, found: readonly ArchivedRun[]): DrumlineError {
  const lines = found.map(({ runId, scenario, startedAt }) => `  ${runId} ${scenario} ${startedAt}`);
  return new DrumlineError(
    'usage',
    [`'${word}' matches ${found.length} runs:`, ...lines].join('\n'),
    'Give more characters of the id.',
  );
}
