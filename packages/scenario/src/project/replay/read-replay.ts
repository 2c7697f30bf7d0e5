import { rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import {
  formatCount,
  formatDuration,
  MAX_REPLAYED,
  MAX_RUN_MS,
  messageOf,
  rateOfTimes,
  separate,
  type PlanProblem,
  type Table,
} from '@drumline/model';
import { storeBytes } from '../../artifacts/cache.js';
import type { DeclaredReplay, ReplayedTimes } from '../../runtime/tables/declarations.js';
import { TableFile } from '../../runtime/tables/table-file.js';
import { lineOf } from '../tables/line-of.js';
import { plainFile, requireFile } from '../tables/plain-file.js';
import { scanFile } from '../tables/scan.js';
import { lineProblem, TableProblem } from '../tables/table-problem.js';
import { lineReader, type LineReader, type ReplayFormat } from './line-reader.js';
import { timeOfText } from './time-text.js';

/** The most user types that a file may name. More are a wrong column. */
const MAX_NAMES = 1_000;

/**
 * Reads the files that loads follow.
 * @param directory of the scenario file, which paths are relative to
 * @returns every problem of the files
 */
export async function readReplays(
  declared: readonly DeclaredReplay[],
  directory: string,
): Promise<PlanProblem[]> {
  const problems: PlanProblem[] = [];
  for (const replay of declared) {
    const where = `replay('${replay.path}')`;
    try {
      replay.found = await readReplay(replay, directory);
    } catch (error) {
      if (error instanceof TableProblem) problems.push({ where, message: error.message, hint: error.hint });
      else problems.push({ where, message: messageOf(error) });
    }
  }
  return problems;
}

async function readReplay(replay: DeclaredReplay, directory: string): Promise<ReplayedTimes> {
  if (typeof replay.path !== 'string') throw new TableProblem('the path must be text');
  const path = isAbsolute(replay.path) ? replay.path : join(directory, replay.path);
  requireFile(path);
  const plain = await plainFile(path, undefined);
  try {
    return await timesOf(replay, plain.path);
  } finally {
    if (plain.isCopy) rmSync(plain.path, { force: true });
  }
}

async function timesOf(replay: DeclaredReplay, path: string): Promise<ReplayedTimes> {
  const format = formatOf(replay);
  const { header, ...scanned } = await scan(replay, path, format);
  const { rows, columns, index } = scanned;
  if (rows === 0) throw new TableProblem('has no rows');
  if (rows > MAX_REPLAYED)
    throw new TableProblem(
      `has ${formatCount(rows)} lines; at most ${formatCount(MAX_REPLAYED)} can be replayed`,
      'use a part of the file',
    );
  const table: Table<{ id: string; size: number; path: string }> = {
    name: replay.path,
    format: format.kind,
    rows,
    columns,
    seed: 0,
    data: { id: '', size: 0, path },
    index: storeBytes(index),
  };
  const file = new TableFile(table, {});
  try {
    return collect(file, replay, lineReader(format, replay, columns ?? [], header), path);
  } finally {
    file.close();
  }
}

function formatOf({ path, time, user }: DeclaredReplay): ReplayFormat {
  const [, extension = ''] = /\.(\w+)(?:\.gz)?$/i.exec(path) ?? [];
  switch (extension.toLowerCase()) {
    case 'csv':
      return { kind: 'csv', delimiter: ',' };
    case 'tsv':
      return { kind: 'csv', delimiter: '\t' };
    case 'ndjson':
    case 'jsonl':
      return { kind: 'ndjson', delimiter: '' };
    default:
      if (time === undefined && user === undefined) return { kind: 'lines', delimiter: '' };
      throw new TableProblem(
        `has no columns, so it has no column '${time ?? user}'`,
        'columns need a file that ends in .csv, .tsv or .ndjson',
      );
  }
}

/** @returns whether the first line has names of columns, and what the scan found */
async function scan({ unit }: DeclaredReplay, path: string, { kind, delimiter }: ReplayFormat) {
  if (kind !== 'csv') return { header: false, ...(await scanFile(path, undefined)) };
  const scanned = await scanFile(path, { delimiter, header: undefined });
  const { columns = [] } = scanned;
  if (timeOfText(columns[0] ?? '', unit) === undefined) return { header: true, ...scanned };
  // The first line is a row already.
  return { header: false, ...(await scanFile(path, { delimiter, header: columns })) };
}

/** Reads all times, and sorts them. @throws TableProblem with the line of the first mistake */
function collect(
  file: TableFile,
  { unit, speed, spreadMs }: DeclaredReplay,
  read: LineReader,
  path: string,
): ReplayedTimes {
  const count = file.table.rows;
  const times = new Float64Array(count);
  const users = read.hasUsers
    ? { names: [] as string[], lines: [] as number[], of: new Uint16Array(count) }
    : undefined;
  const known = new Map<string, number>();
  let row = 0;
  let isSorted = true;
  for (const { text, offset } of file.texts()) {
    let line;
    try {
      line = read.line(text, unit);
    } catch (error) {
      throw lineProblem(lineOf(path, offset), messageOf(error), read.hint);
    }
    times[row] = line.timeMs;
    if (row > 0 && line.timeMs < times[row - 1]!) isSorted = false;
    if (users) {
      let user = known.get(line.user);
      if (user === undefined) {
        if (known.size === MAX_NAMES)
          throw new TableProblem(
            `names more than ${formatCount(MAX_NAMES)} user types`,
            'is it the right column?',
          );
        user = known.size;
        known.set(line.user, user);
        users.names.push(line.user);
        users.lines.push(lineOf(path, offset));
      }
      users.of[row] = user;
    }
    row += 1;
  }
  const numbers = isSorted ? undefined : sortedRows(times);
  const sorted = numbers ? Float64Array.from(numbers, (number) => times[number]!) : times;
  toPartTimes(sorted, spreadMs, speed);
  const lastMs = sorted.at(-1)!;
  if (lastMs > MAX_RUN_MS)
    throw new TableProblem(
      `lasts ${formatDuration(Math.round(lastMs))}`,
      `a run lasts at most ${formatDuration(MAX_RUN_MS)}; set speed`,
    );
  return {
    times: sorted,
    numbers,
    users: users && {
      ...users,
      of: numbers ? Uint16Array.from(numbers, (number) => users.of[number]!) : users.of,
    },
    rate: rateOfTimes(sorted),
  };
}

/** The rows in the order of their times. Rows with the same time stay in the order of the file. */
function sortedRows(times: Float64Array): Uint32Array {
  return Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
}

/** Makes times of the file those of the load, in place. */
function toPartTimes(times: Float64Array, spreadMs: number, speed: number): void {
  const firstMs = times[0]!;
  for (let first = 0; first < times.length;) {
    const timeMs = times[first]!;
    let end = first + 1;
    while (end < times.length && times[end] === timeMs) end += 1;
    for (let at = first; at < end; at += 1)
      times[at] = (timeMs - firstMs + (spreadMs * (at - first)) / (end - first)) / speed;
    first = end;
  }
  // Spread times may reach beyond the next ones.
  if (spreadMs > 0) times.sort();
  separate(times);
}
