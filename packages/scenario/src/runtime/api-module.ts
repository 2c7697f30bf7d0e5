import * as api from '../index.js';

const SLOT = Symbol.for('drumline.api');

/** The names that a scenario can import from 'drumline'. */
export const API_NAMES: readonly string[] = Object.keys(api);

/** Makes the API of the running program available to bundles. Call it before importing one. */
export function installApi(): void {
  (globalThis as Record<symbol, unknown>)[SLOT] = api;
}

/** Source of the module that stands for 'drumline' within a bundle. */
export function apiModuleSource(names: readonly string[]): string {
  return `const api = globalThis[Symbol.for('drumline.api')];\n${names
    .map((name) => `export const ${name} = api.${name};`)
    .join('\n')}\n`;
}
