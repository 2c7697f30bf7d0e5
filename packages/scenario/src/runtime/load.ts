import { pathToFileURL } from 'node:url';
import { DrumlineError, stackOf } from '@drumline/model';
import type { Scenario } from '../authoring/scenario.js';
import { installApi } from './api-module.js';
import { closeDeclarations, openDeclarations } from './grpc-declarations.js';
import { closeParameters, openParameters } from './parameters.js';
import { tidyStack } from './stack.js';
import { closeTables, openTables } from './tables/declarations.js';

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
