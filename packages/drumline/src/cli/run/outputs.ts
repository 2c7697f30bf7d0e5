import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';
import type { SeriesPoint } from '@drumline/master';
import type { Comparison, ReadTimedSeries } from '@drumline/master/report';
import type { RunResult } from '@drumline/wire';
import type { Destination } from '../upload/destination.js';
import type { PlannedComparison } from './baseline.js';

/** The files for the result of a run. */
export interface Outputs {
  /** A path, or `-` for stdout. */
  readonly json?: string | undefined;
  readonly html?: string | undefined;
  /** Prefix of the CSV files. */
  readonly csv?: string | undefined;
  readonly junit?: string | undefined;
  readonly summaryMd?: string | undefined;
  /** Where the reports are uploaded to. */
  readonly upload?: Destination | undefined;
  /** Absent without a baseline. */
  readonly comparison?: PlannedComparison | undefined;
}

/** What `writeOutputs` can use beside the result. */
export interface OutputContext {
  /** Each series, second by second, for the CSV history. */
  readonly seriesPoints?: readonly SeriesPoint[];
  readonly comparison?: Comparison | undefined;
  /** Reads series over the time of the run; absent if only the result is known. */
  readonly readSeries?: ReadTimedSeries | undefined;
}

const CSV_PARTS = ['stats', 'stats_history', 'failures', 'exceptions'] as const;
/** Files that a run has only if anything of the kind was counted. */
const OPTIONAL_CSV_PARTS = ['starts', 'statuses'] as const;

/**
 * Chooses the files of the result before the run, and checks that they can be written.
 * @throws DrumlineError `output-unwritable`
 */
export function planOutputs(
  flags: Omit<Outputs, 'html'> & { readonly html?: string | false | undefined },
  scenario: string,
  now: Date,
): Outputs {
  const outputs: Outputs = {
    json: flags.json,
    html: flags.html === false ? undefined : (flags.html ?? defaultHtml(scenario, now)),
    csv: flags.csv,
    junit: flags.junit,
    summaryMd: flags.summaryMd,
    upload: flags.upload,
  };
  requireWritable(outputs);
  return outputs;
}

/** @throws DrumlineError `output-unwritable` that names the option, the path and the reason */
export function requireWritable({ json, html, csv, junit, summaryMd }: Outputs): void {
  if (json !== undefined && json !== '-') requireWritablePath('json', json);
  if (html !== undefined) requireWritablePath('html', html);
  if (csv !== undefined) for (const path of csvPaths(csv)) requireWritablePath('csv', path);
  if (junit !== undefined) requireWritablePath('junit', junit);
  if (summaryMd !== undefined) requireWritablePath('summary-md', summaryMd);
}

/**
 * Writes the files and uploads the reports, even if some of them fail.
 * @param print receives a line for each file
 * @throws DrumlineError `output-unwritable` once every file was tried
 */
export async function writeOutputs(
  result: RunResult,
  outputs: Outputs,
  print: (line: string) => void,
  { seriesPoints = [], comparison, readSeries }: OutputContext = {},
): Promise<void> {
  const failures: string[] = [];
  const write = async (path: string, text: string): Promise<boolean> => {
    try {
      // Recreates a directory that was removed during the run.
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      return true;
    } catch (error) {
      failures.push(messageOf(error));
      return false;
    }
  };
  const { json, html, csv, junit, summaryMd } = outputs;
  if (json === '-') process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (json !== undefined && (await write(json, `${JSON.stringify(result, null, 2)}\n`)))
    print(`result  ${json}`);
  const other = [html, csv, junit, summaryMd];
  if (other.some((path) => path !== undefined)) {
    const { renderCsv, renderJunit, renderSummaryMarkdown } = await import('@drumline/master/report');
    if (html !== undefined && (await write(html, await htmlOf(result, readSeries)))) print(`report  ${html}`);
    if (csv !== undefined) {
      const { history, ...tables } = renderCsv(result, seriesPoints);
      const texts: Record<string, string | undefined> = { ...tables, stats_history: history };
      const parts = [...CSV_PARTS, ...OPTIONAL_CSV_PARTS].filter((part) => texts[part] !== undefined);
      const written = await Promise.all(parts.map((part) => write(csvPath(csv, part), texts[part]!)));
      if (written.every(Boolean)) print(`csv     ${csv}_{${parts.join(',')}}.csv`);
    }
    if (junit !== undefined && (await write(junit, renderJunit(result, comparison))))
      print(`junit   ${junit}`);
    if (summaryMd !== undefined && (await write(summaryMd, renderSummaryMarkdown(result, comparison))))
      print(`summary ${summaryMd}`);
  }
  if (outputs.upload) {
    const { uploadReports } = await import('../upload/upload.js');
    const more = { comparison, html: async () => await htmlOf(result, readSeries) };
    failures.push(...(await uploadReports(outputs.upload, result, print, more)));
  }
  if (failures.length > 0) throw new DrumlineError('output-unwritable', failures.join('\n'));
}

/** Reads series from a run at a master, which may have ended or closed its file. */
export function readsSeriesOf(run: {
  seriesTimeline: ReadTimedSeries;
}): Required<Pick<OutputContext, 'readSeries'>> {
  return { readSeries: (query) => run.seriesTimeline(query) };
}

/** The HTML report. */
async function htmlOf(result: RunResult, readSeries: OutputContext['readSeries']): Promise<string> {
  const { renderHtml } = await import('@drumline/dashboard/report');
  const { reportedSeries } = await import('@drumline/master/report');
  return renderHtml(result, await reportedSeries(result, readSeries));
}

/**
 * The default path of the HTML report. Undefined if the working directory is not writable, as in a
 * container: no error, because the user did not request the file.
 */
function defaultHtml(scenario: string, now: Date): string | undefined {
  const name = basename(scenario, extname(scenario)).replaceAll(/[^\w.-]+/g, '-');
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return isWritable('.') ? `drumline-${name}-${time}.html` : undefined;
}

function csvPaths(prefix: string): string[] {
  return CSV_PARTS.map((part) => csvPath(prefix, part));
}

function csvPath(prefix: string, part: string): string {
  return `${prefix}_${part}.csv`;
}

export function requireWritablePath(option: string, path: string): void {
  const directory = dirname(path);
  const problem = !existsSync(directory)
    ? `the directory ${directory} does not exist`
    : !statSync(directory).isDirectory()
      ? `${directory} is not a directory`
      : existsSync(path) && statSync(path).isDirectory()
        ? 'the path is a directory'
        : !isWritable(existsSync(path) ? path : directory)
          ? 'permission denied'
          : undefined;
  if (problem === undefined) return;
  const hint = 'Nothing was started. Choose another path, or create the directory first.';
  throw new DrumlineError('output-unwritable', `--${option} ${path}: ${problem}`, hint);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
