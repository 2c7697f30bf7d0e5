import type { RunHistory } from '@drumline/stats';
import { OutputProblem, parseSpec } from './spec.js';
import { loadPackage } from './built-in.js';
import type { OutputSpec } from './output.js';

/** A run that an output has written. */
export interface ArchivedRun {
  readonly runId: string;
  readonly scenario: string;
  readonly state: string;
  /** ISO 8601 */
  readonly startedAt: string;
}

/** Selects runs that match all that is given. */
export interface ArchiveQuery {
  /** The beginning of an id. */
  readonly id?: string;
  /** The file name of the scenario, with or without its extension. */
  readonly scenario?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly state?: 'finished';
  /** ISO 8601 */
  readonly startedBefore?: string;
  /** Only runs with a result: those that have ended. */
  readonly hasResult?: boolean;
}

/** Reads the runs that an output has written. Its errors are `OutputError`s. */
export interface RunArchive {
  /** A few of the runs that match, newest first. */
  find(query: ArchiveQuery): Promise<readonly ArchivedRun[]>;
  /** The result of a run, as JSON; undefined if it has none. */
  result(runId: string): Promise<unknown>;
  /** What a run counted over its time. */
  history(runId: string): Promise<RunHistory>;
  close(): Promise<void>;
}

/** What a package of an output exports beside the output, if it can read runs. */
export interface ArchiveModule {
  /** Does not reach the service. @throws OutputProblem */
  openArchive(spec: OutputSpec): RunArchive;
}

const POSTGRES = /^postgres(?:ql)?:\/\//;

/** Whether a text is the URL of an archive. */
export function isArchiveUrl(text: string): boolean {
  return POSTGRES.test(text);
}

/**
 * Opens the runs behind a URL, which may have the options of the output.
 * @throws OutputProblem that says what is wrong or what to install
 */
export async function openArchive(url: string): Promise<RunArchive> {
  if (!isArchiveUrl(url)) throw new OutputProblem(['needs a URL such as postgres://user@host/database']);
  const { openArchive: open } = (await loadPackage('postgres')) as Partial<ArchiveModule>;
  if (open === undefined) throw new OutputProblem(['the package @drumline/output-postgres is too old']);
  return open(parseSpec(`postgres=${url}`));
}
