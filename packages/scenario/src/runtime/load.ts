import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DrumlineError, stackOf } from '@drumline/model';
import type { Scenario } from '../authoring/scenario.js';
import { installApi } from './api-module.js';
import { describeMissing, externalsOf, linkExternals } from './externals.js';
import { closeDeclarations, openDeclarations } from './grpc-declarations.js';
import { closeParameters, openParameters } from './parameters.js';
import { closeTables, openTables } from './tables/declarations.js';

/** A bundle in a file that processes can import. */
export interface BundleFile {
  readonly path: string;
  remove(): void;
}

/** Options of `writeBundle`. */
export interface WriteOptions {
  /** The directory from which external packages are searched. Default: the working directory. */
  readonly packagesFrom?: string;
  /** Whether packages may be missing, for processes that may never import them. Default: false. */
  readonly mayLackPackages?: boolean;
}

/**
 * Writes a bundle to a temporary file for child processes. The parent owns the file, because its
 * children may end at any time without removing it.
 * @throws DrumlineError `scenario-invalid` if external packages are missing
 */
export function writeBundle(
  code: string,
  { packagesFrom = process.cwd(), mayLackPackages = false }: WriteOptions = {},
): BundleFile {
  const directory = mkdtempSync(join(tmpdir(), 'drumline-'));
  const path = join(directory, 'scenario.mjs');
  writeFileSync(path, code);
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', remove);
  const externals = externalsOf(code);
  if (Object.keys(externals).length === 0) return { path, remove };
  const missing = linkExternals(externals, directory, packagesFrom);
  if (missing.length > 0 && !mayLackPackages) {
    remove();
    throw new DrumlineError('scenario-invalid', describeMissing(externals, missing, packagesFrom));
  }
  // The code may import external packages at any time, so the file must stay.
  return { path, remove: () => {} };
}

/**
 * Imports a bundle in this process. From then on, stacks name source files. Node reads the source
 * map of each module that it loads later, so Drumline's own modules must be loaded before.
 * @param path path of the bundle's file
 * @param name name of the scenario in messages
 * @throws DrumlineError `scenario-invalid` if the code throws or does not export a scenario
 */
export async function loadBundle(path: string, name = 'The scenario'): Promise<Scenario> {
  process.setSourceMapsEnabled(true);
  installApi();
  openDeclarations();
  openParameters();
  openTables();
  try {
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    return requireScenario(module.default, name);
  } catch (error) {
    if (error instanceof DrumlineError) throw error;
    throw new DrumlineError(
      'scenario-invalid',
      `${name} throws while it is loaded: ${tidyStack(stackOf(error))}`,
      isMissingPackage(error)
        ? 'Install the package in the scenario’s directory (npm install NAME). It is external, so the bundle does not contain it.'
        : undefined,
    );
  } finally {
    closeDeclarations();
    closeParameters();
    closeTables();
  }
}

function isMissingPackage(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}

function requireScenario(value: unknown, name: string): Scenario {
  const { kind, spec } = (value ?? {}) as Partial<Scenario>;
  if (kind === 'scenario' && typeof spec === 'object') return value as Scenario;
  throw new DrumlineError(
    'scenario-invalid',
    `${name} has no scenario as its default export.`,
    'End it with `export default scenario({ target, users, load });`.',
  );
}

/** Files of Node, of packages and of Drumline itself, installed or in its repository. */
const FOREIGN_FRAME =
  /node:|node_modules|\/@drumline\/|\/packages\/(?:model|stats|drivers|wire|scenario|worker)\/(?:src|dist)\//;

/** A stack with only the frames of the scenario, and paths relative to it. */
export function tidyStack(stack: string): string {
  const lines = stack.split('\n');
  const frames = lines.filter((line) => /^\s+at /.test(line));
  const own = frames.filter((line) => !FOREIGN_FRAME.test(line));
  const message = lines.filter((line) => !/^\s+at /.test(line) && line.trim() !== '');
  return [...message, ...(own.length > 0 ? own : frames.slice(0, 3)).map(relativeFrame)].join('\n');
}

/** Whether a stack has a frame of the scenario. */
export function showsUserCode(stack: string): boolean {
  return stack.split('\n').some((line) => /^\s+at /.test(line) && !FOREIGN_FRAME.test(line));
}

/** Removes the temporary directory of the bundle, which source maps put before each path. */
function relativeFrame(frame: string): string {
  return frame.replace(/(?:file:\/\/)?[^\s()]*\/drumline-[A-Za-z0-9]{6}\//, '');
}
