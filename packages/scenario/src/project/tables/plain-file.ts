import {
  createReadStream,
  createWriteStream,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { closest, messageOf } from '@drumline/model';
import { temporaryPath } from '../../artifacts/cache.js';
import { textOfBytes } from '../../text-file.js';
import { decoded, sourceKind, type SourceKind } from './source-encoding.js';
import { TableProblem } from './table-problem.js';

/** JSON and YAML files are parsed as a whole. */
const MAX_PARSED_BYTES = 256 * 1024 * 1024;

/** A file with rows as text, and whether it is a temporary copy. */
export interface PlainFile {
  readonly path: string;
  readonly isCopy: boolean;
}

/** @throws TableProblem if there is no such file */
export function requireFile(path: string): void {
  if (existsSync(path) && statSync(path).isFile()) return;
  const folder = dirname(path);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const meant = closest(basename(path), names);
  throw new TableProblem(
    existsSync(path) ? `${path} is not a file` : `there is no file ${path}`,
    meant === undefined ? 'paths are relative to the scenario file' : `did you mean ${meant}?`,
  );
}

/** Decompresses and decodes a file, if that is needed. @throws TableProblem */
export async function plainFile(path: string, encoding: string | undefined): Promise<PlainFile> {
  const { isCompressed, decoder } = kindOf(path, encoding);
  if (!isCompressed && decoder === undefined) return { path, isCopy: false };
  const copy = temporaryPath();
  try {
    const steps = [...(isCompressed ? [createGunzip()] : []), ...(decoder ? [decoded(decoder)] : [])];
    // The types of `pipeline` do not allow a list of any length.
    await pipeline([createReadStream(path), ...steps, createWriteStream(copy)] as never);
  } catch (error) {
    rmSync(copy, { force: true });
    throw error instanceof TableProblem || !isCompressed ? error : damaged(error);
  }
  return { path: copy, isCopy: true };
}

function kindOf(path: string, encoding: string | undefined): SourceKind {
  try {
    return sourceKind(path, encoding);
  } catch (error) {
    throw error instanceof TableProblem ? error : damaged(error);
  }
}

function damaged(error: unknown): TableProblem {
  return new TableProblem(
    `cannot be decompressed: ${messageOf(error)}`,
    'the file is damaged or incomplete; gzip -t checks it',
  );
}

/** Writes the items of a JSON or YAML file as JSON lines. @throws TableProblem */
export async function itemsFile(path: string, kind: 'json' | 'yaml'): Promise<PlainFile> {
  const plain = await plainFile(path, undefined);
  const { size } = statSync(plain.path);
  if (size > MAX_PARSED_BYTES)
    throw new TableProblem('is larger than 256 MiB', 'convert it to JSON lines, for data.ndjson');
  const text = textOfBytes(readFileSync(plain.path));
  const items: unknown = kind === 'json' ? await parseJson(text) : await parseYamlText(text);
  if (!Array.isArray(items))
    throw new TableProblem(`contains ${describe(items)}, not ${kind === 'json' ? 'an array' : 'a list'}`);
  return await linesFile(items);
}

async function parseYamlText(text: string): Promise<unknown> {
  const { parseYaml } = await import('../../yaml-text.js');
  try {
    return parseYaml(text);
  } catch (error) {
    throw new TableProblem(`is not YAML: ${messageOf(error)}`);
  }
}

/** Longer JSON files are not read again to find the line of a mistake. */
const MAX_EXPLAINED = 5_000_000;

async function parseJson(text: string): Promise<unknown> {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const line = text.length > MAX_EXPLAINED ? undefined : await brokenLine(text);
    const [reason = ''] = messageOf(error).split('\n');
    throw new TableProblem(`${line === undefined ? '' : `line ${line}: `}is not JSON: ${reason}`);
  }
}

/** The line of the first mistake. JSON is YAML, whose parser knows lines. */
async function brokenLine(text: string): Promise<number | undefined> {
  const { LineCounter, parseDocument } = await import('../../yaml-text.js');
  const { errors } = parseDocument(text, { lineCounter: new LineCounter() });
  return errors[0]?.linePos?.[0].line;
}

/** Writes values as JSON lines. @throws TableProblem for a value that is not plain data */
export async function linesFile(items: Iterable<unknown> | AsyncIterable<unknown>): Promise<PlainFile> {
  if (
    typeof items !== 'object' ||
    items === null ||
    !(Symbol.iterator in items || Symbol.asyncIterator in items)
  )
    throw new TableProblem(
      `the function returned ${describe(items)}`,
      'return an array, or an iterable of rows',
    );
  const path = temporaryPath();
  let row = 0;
  const lines = async function* (): AsyncIterable<string> {
    for await (const item of items) {
      row += 1;
      const line = JSON.stringify(item) as string | undefined;
      if (line === undefined) throw new TableProblem(`row ${row} is ${describe(item)}, not plain data`);
      yield `${line}\n`;
    }
  };
  await pipeline(Readable.from(lines()), createWriteStream(path));
  return { path, isCopy: true };
}

function describe(value: unknown): string {
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
