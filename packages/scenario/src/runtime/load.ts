import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DrumlineError, stackOf } from '@drumline/model';
import type { Scenario } from '../authoring/scenario.js';
import { installApi } from './api-module.js';
import { describeMissing, externalsOf, linkExternals } from './externals.js';
import { closeDeclarations, openDeclarations } from './grpc-declarations.js';

/** A bundle as a file that processes can import. */
export interface BundleFile {
  readonly path: string;
  remove(): void;
}

/** How a bundle is written. */
export interface WriteOptions {
  /** Where its external packages are looked for. Default: the working folder. */
  readonly packagesFrom?: string;
  /** Whether a package may be missing: the code may never import it here. Default: no. */
  readonly mayLackPackages?: boolean;
}

/**
 * Writes a bundle for processes that will import it. Whoever starts them keeps it: they may end at
 * any moment, and leave nothing behind.
 * @throws DrumlineError `scenario-invalid` with the external packages that are missing here
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
  // The code may import them at any time, and they are found from there only.
  return { path, remove: () => {} };
}

/**
 * Imports a bundle in this process.
 * @param path the bundle's file, see `writeBundle`
 * @param name what it is called in messages
 * @throws DrumlineError `scenario-invalid` if its code throws while it is loaded, or exports no scenario
 */
export async function loadBundle(path: string, name = 'The scenario'): Promise<Scenario> {
  installApi();
  openDeclarations();
  try {
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    return requireScenario(module.default, name);
  } catch (error) {
    if (error instanceof DrumlineError) throw error;
    throw new DrumlineError(
      'scenario-invalid',
      `${name} throws while it is loaded: ${tidyStack(stackOf(error))}`,
      isMissingPackage(error)
        ? 'Install the package beside the scenario (npm install NAME): it is external, so that it is not in the bundle.'
        : undefined,
    );
  } finally {
    closeDeclarations();
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

/** Node, packages, and Drumline itself: installed, or in its own repository. */
const NOT_THEIRS =
  /node:|node_modules|\/@drumline\/|\/packages\/(?:model|stats|drivers|wire|scenario|worker)\/(?:src|dist)\//;

/** A stack as its reader wants it: only the lines of the scenario, with paths relative to it. */
export function tidyStack(stack: string): string {
  const lines = stack.split('\n');
  const frames = lines.filter((line) => /^\s+at /.test(line));
  const own = frames.filter((line) => !NOT_THEIRS.test(line));
  const message = lines.filter((line) => !/^\s+at /.test(line) && line.trim() !== '');
  return [...message, ...(own.length > 0 ? own : frames.slice(0, 3)).map(relativeFrame)].join('\n');
}

/** Whether any line of a stack is the scenario's own. */
export function showsUserCode(stack: string): boolean {
  return stack.split('\n').some((line) => /^\s+at /.test(line) && !NOT_THEIRS.test(line));
}

/** The map of a bundle is read relative to the temporary folder it was imported from; the folder says nothing to anyone. */
function relativeFrame(frame: string): string {
  return frame.replace(/(?:file:\/\/)?[^\s()]*\/drumline-[A-Za-z0-9]{6}\//, '');
}
