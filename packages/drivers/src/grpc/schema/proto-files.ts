import { readFileSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { messageOf } from '@drumline/model';
import protobuf from 'protobufjs';
import { addMissing } from './merge.js';
import { builtIn } from './protos/built-in.js';
import { explainParseError } from './parse-error.js';
import { markGroups, plainProto } from './protos/plain-proto.js';

/** The texts of .proto files, by their names in messages. */
export type Sources = Map<string, string>;

/** Adds .proto files and their imports to the root; their problems are added to `problems`. */
export function readProtoFiles(
  root: protobuf.Root,
  paths: readonly string[],
  includeDirs: readonly string[],
  problems: string[],
): Sources {
  const sources: Sources = new Map();
  const done = new Set<string>();
  const folders = [...paths.map(dirname), ...includeDirs];

  const addBuiltIn = (name: string): boolean => {
    const content = builtIn(name);
    if (content === undefined) return false;
    if (!done.has(name)) {
      done.add(name);
      for (const needed of content.imports) addBuiltIn(needed);
      addMissing(root, content.nested);
    }
    return true;
  };

  const add = (path: string): boolean => {
    const found = realPath(path);
    if (found === undefined) return false;
    if (done.has(found)) return true;
    done.add(found);
    const name = shortName(path);
    try {
      const source = readFileSync(found, 'utf8');
      sources.set(name, source);
      const { imports = [], weakImports = [] } = parse(root, name, source);
      for (const target of imports) {
        const places = [dirname(path), ...folders].map((folder) => join(folder, target));
        if (addBuiltIn(target) || (isAbsolute(target) ? [target] : places).some(add)) continue;
        problems.push(`${name}:${lineOfImport(source, target)}: ${missing(target, places)}`);
      }
      for (const target of weakImports) {
        if (!addBuiltIn(target)) [dirname(path), ...folders].some((folder) => add(join(folder, target)));
      }
    } catch (error) {
      problems.push(explainParseError(name, sources.get(name), messageOf(error)));
    }
    return true;
  };

  for (const path of paths) {
    if (!add(path)) problems.push(`${shortName(path)}: there is no such file`);
  }
  return sources;
}

/** The name that the parser reports with a problem. */
const parser = protobuf.parse as typeof protobuf.parse & { filename?: string | null };

function parse(root: protobuf.Root, name: string, source: string): protobuf.IParserResult {
  parser.filename = name;
  try {
    const parsed = protobuf.parse(plainProto(source), root, { alternateCommentMode: true });
    markGroups(root);
    return parsed;
  } finally {
    parser.filename = null;
  }
}

/** One name for each file, however it is reached; undefined if there is no such file. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Relative to the working directory, if the file is in it. */
function shortName(path: string): string {
  const seen = relative('', path);
  return seen.startsWith('..') ? resolve(path) : seen;
}

function lineOfImport(source: string, target: string): number {
  return (
    source.split('\n').findIndex((line) => line.includes(`"${target}"`) || line.includes(`'${target}'`)) + 1
  );
}

function missing(target: string, places: readonly string[]): string {
  const folders = [...new Set(places.map((place) => shortName(place)))];
  return `${target} was not found; searched for ${folders.join(', ')}. Add the directory that import paths start from to the include directories.`;
}
