import { extname } from 'node:path';
import type { Sample } from '@drumline/model';

/** The format of a sample file, by the ending of its name. */
export type SampleFormat = 'ndjson' | 'csv';

const FORMATS: Readonly<Record<string, SampleFormat>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.csv': 'csv',
};

/** Endings of sample files. */
export const SAMPLE_ENDINGS: readonly string[] = Object.keys(FORMATS);

/** @returns undefined if the ending stands for no format */
export function formatOf(path: string): SampleFormat | undefined {
  return FORMATS[extname(path).toLowerCase()];
}

/** Where and when a sample was taken. */
export interface SampleOrigin {
  readonly worker: string;
  readonly lane: number;
  /** Unix time of the start of the request, milliseconds. */
  readonly startedAt: number;
  /** End of the request since the start of the run, milliseconds; undefined before the start. */
  readonly runMs: number | undefined;
}

/** One request as a row: the fields of NDJSON, and the columns of CSV in this order. */
function rowOf(sample: Sample, { worker, lane, startedAt, runMs }: SampleOrigin) {
  const { series, outcome, failure, status, durationUs, lateMs, phases, bytesSent, bytesReceived, traceId } =
    sample;
  return {
    time: new Date(startedAt).toISOString(),
    runMs: runMs === undefined ? undefined : rounded(runMs),
    user: series.user,
    protocol: series.protocol,
    method: series.method,
    name: series.name,
    tags: series.tags.length === 0 ? undefined : series.tags,
    outcome,
    status,
    failure,
    durationMs: durationUs / 1_000,
    lateMs: lateMs === undefined ? undefined : rounded(lateMs),
    queuedMs: phases && rounded(phases.queuedMs),
    connectMs: phases && rounded(phases.connectMs),
    sendMs: phases && rounded(phases.sendMs),
    waitMs: phases && rounded(phases.waitMs),
    receiveMs: phases && rounded(phases.receiveMs),
    bytesSent,
    bytesReceived,
    worker,
    lane,
    traceId,
  };
}

const COLUMNS = [
  'time',
  'runMs',
  'user',
  'protocol',
  'method',
  'name',
  'tags',
  'outcome',
  'status',
  'failure',
  'durationMs',
  'lateMs',
  'queuedMs',
  'connectMs',
  'sendMs',
  'waitMs',
  'receiveMs',
  'bytesSent',
  'bytesReceived',
  'worker',
  'lane',
  'traceId',
] as const satisfies readonly (keyof ReturnType<typeof rowOf>)[];

/** The start of a file: the names of the columns, or nothing. */
export function headerOf(format: SampleFormat): string {
  return format === 'csv' ? `${COLUMNS.join(',')}\n` : '';
}

/** One request as a line, with its line feed. */
export function lineOf(sample: Sample, origin: SampleOrigin, format: SampleFormat): string {
  const row = rowOf(sample, origin);
  if (format === 'csv') return `${COLUMNS.map((column) => cell(row[column])).join(',')}\n`;
  const { tags, ...rest } = row;
  const fields = tags === undefined ? rest : { ...rest, tags: Object.fromEntries(tags) };
  return `${JSON.stringify(fields)}\n`;
}

function cell(value: string | number | undefined | readonly (readonly [string, string])[]): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : value.map(([name, tag]) => `${name}=${tag}`).join(';');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
