import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import {
  findUnknownKeys,
  messageOf,
  ROW_ORDERS,
  type LocalArtifact,
  type OptionKeys,
  type PlanProblem,
  type Table,
} from '@drumline/model';
import {
  adopt,
  findArtifact,
  pointTo,
  recall,
  remember,
  removeUnused,
  storeBytes,
} from '../../artifacts/cache.js';
import type { DeclaredTable, TableOptions, TableSource } from '../../runtime/tables/declarations.js';
import { checkRows } from './check-rows.js';
import { hashFile } from './hash-file.js';
import { matchingFiles, packFiles } from './matching-files.js';
import { itemsFile, linesFile, plainFile, requireFile, type PlainFile } from './plain-file.js';
import { scanFile } from './scan.js';
import { TableProblem } from './table-problem.js';
import { requireUse } from './use-problems.js';

/** Changes if the same file would give another table. */
const VERSION = 2;

type LocalTable = Table<LocalArtifact>;
/** What depends only on the file. */
type FileTable = Omit<LocalTable, 'name' | 'seed'>;

/** The tables of a scenario, and every problem in their files and options. */
export interface BuiltTables {
  readonly tables: readonly LocalTable[];
  readonly problems: readonly PlanProblem[];
}

/**
 * Reads, checks and indexes the test data of a scenario.
 * @param directory of the scenario file, which paths are relative to
 * @param seed for tables that have none
 */
export async function buildTables(
  declared: readonly DeclaredTable[],
  directory: string,
  seed: number,
): Promise<BuiltTables> {
  const tables: LocalTable[] = [];
  const problems: PlanProblem[] = [];
  if (declared.length > 0) removeUnused();
  for (const table of declared) {
    const name = nameOf(table.source);
    const where = `data.${table.source.kind}(${'path' in table.source ? `'${name}'` : '…'})`;
    try {
      requireOptions(table.source.kind, table.options);
      requireUse(table.options);
      const { use, whenEmpty, seed: own = seed } = table.options;
      const leased = use && { use, ...(whenEmpty && { whenEmpty }) };
      const built = { ...(await buildTable(table, directory)), name, seed: own, ...leased };
      checkRows(built, table.options, table.source.kind);
      tables.push(built);
    } catch (error) {
      if (error instanceof TableProblem) problems.push({ where, message: error.message, hint: error.hint });
      else problems.push({ where, message: messageOf(error) });
    }
  }
  return { tables, problems };
}

function nameOf(source: TableSource): string {
  return 'path' in source ? source.path : `rows ${source.make.name}`.trim();
}

/** Options of all sources. */
const DATA_KEYS = { order: true, seed: true, use: true, whenEmpty: true } as const;
const TEXT_KEYS = { ...DATA_KEYS, encoding: true } as const;
const KEYS_OF: Partial<Record<TableSource['kind'], OptionKeys>> = {
  csv: { ...TEXT_KEYS, columns: true, delimiter: true, header: true },
  ndjson: TEXT_KEYS,
  lines: TEXT_KEYS,
};

function requireOptions(kind: TableSource['kind'], options: TableOptions): void {
  const [unknown] = findUnknownKeys(options, KEYS_OF[kind] ?? DATA_KEYS);
  if (unknown) throw new TableProblem(`there is no option '${unknown.key}'`, unknown.hint);
  const { order, delimiter, seed } = options;
  if (order !== undefined && !ROW_ORDERS.includes(order))
    throw new TableProblem(
      `'${String(order as unknown)}' is not an order`,
      `orders: ${ROW_ORDERS.join(', ')}`,
    );
  if (delimiter !== undefined && !(/^[\u0020-\u007e\t]$/.test(delimiter) && delimiter !== '"'))
    throw new TableProblem('delimiter must be one ASCII character', "use for example ';' or '\\t'");
  if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32))
    throw new TableProblem(`${String(seed)} is not a seed`, 'use a whole number from 0 to 4294967295');
}

async function buildTable({ source, options }: DeclaredTable, directory: string): Promise<FileTable> {
  if (source.kind === 'rows')
    return await tableOf(await linesFile((await source.make()) as Iterable<unknown>), 'ndjson');
  if (typeof source.path !== 'string') throw new TableProblem('the path must be text');
  if (source.kind === 'files') return await filesTable(source.path, directory);
  const path = isAbsolute(source.path) ? source.path : join(directory, source.path);
  requireFile(path);
  const key = createHash('sha256')
    .update(JSON.stringify([VERSION, path, source.kind, options.delimiter, options.header, options.encoding]))
    .digest('hex');
  const known = recall<FileTable>(key);
  if (known !== undefined && isPresent(known)) return known;
  const table = await readTable(source.kind, path, options);
  remember(key, [path], table);
  return table;
}

async function readTable(
  kind: 'csv' | 'json' | 'ndjson' | 'lines' | 'yaml',
  path: string,
  options: TableOptions,
): Promise<FileTable> {
  if (kind === 'json' || kind === 'yaml') return await tableOf(await itemsFile(path, kind), 'ndjson');
  return await tableOf(await plainFile(path, options.encoding), kind, options);
}

/** Hashes and scans a file at the same time. */
async function tableOf(
  { path, isCopy }: PlainFile,
  format: 'csv' | 'ndjson' | 'lines',
  { delimiter = ',', header }: TableOptions = {},
): Promise<FileTable> {
  const hashing = hashFile(path);
  hashing.catch(() => {});
  const isCsv = format === 'csv';
  const scanned = await scanFile(path, isCsv ? { delimiter, header } : undefined).catch((error: unknown) => {
    if (isCopy) rmSync(path, { force: true });
    throw error;
  });
  const { rows, columns, index } = scanned;
  if (rows === 0)
    throw new TableProblem(isCsv && columns ? 'has no rows after the names of its columns' : 'has no rows');
  const artifact = await hashing;
  const data = isCopy ? adopt(path, artifact) : pointTo(path, artifact);
  return { format, rows, data, index: storeBytes(index), ...(isCsv ? { columns, delimiter } : {}) };
}

async function filesTable(pattern: string, directory: string): Promise<FileTable> {
  const { path, facts } = await packFiles(matchingFiles(pattern, directory), directory);
  const contents = adopt(path, await hashFile(path));
  return { ...(await tableOf(await linesFile(facts), 'ndjson')), format: 'files', contents };
}

function isPresent({ data, index }: FileTable): boolean {
  return findArtifact(data) !== undefined && findArtifact(index) !== undefined;
}
