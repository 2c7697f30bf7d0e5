import { createHash } from 'node:crypto';
import { isBuiltin } from 'node:module';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';
import { requireShallow, textOfBytes } from '../text-file.js';
import { build, stop, type BuildFailure, type Message, type OutputFile, type Plugin } from 'esbuild';
import { API_NAMES, apiModuleSource } from '../runtime/api-module.js';
import { externalsHeader, findPackage, versionOf, type Externals } from '../runtime/externals.js';
import { withSchemas, type SchemaRecord } from '../runtime/grpc-sources.js';
import { renameInCode, renameInMap, stablePaths } from './stable-paths.js';

/** How data files are imported, as declared in `assets.d.ts`. */
export const DATA_FILES = {
  '.csv': 'text',
  '.txt': 'text',
  '.html': 'text',
  '.graphql': 'text',
  '.pem': 'text',
  '.crt': 'text',
  '.key': 'text',
  '.bin': 'binary',
} as const;

/** A scenario file and everything it imports, as one script that is sent to the workers. */
export interface ScenarioBundle {
  /** SHA-256 of the code, hexadecimal. */
  readonly id: string;
  /**
   * An ES module that needs only Node, with its source map at the end. The same files give the same
   * code, regardless of their location and of symbolic links.
   */
  readonly code: string;
}

/**
 * Bundles a scenario file with its imports: local files, npm packages and data files.
 * @param external packages that are not bundled; each worker must have them installed
 * @param isAlone whether the file may import only `drumline` and modules of Node
 * @throws DrumlineError `scenario-invalid` with the file and line of each error
 */
export async function bundleScenario(
  path: string,
  external: readonly string[] = [],
  isAlone = false,
): Promise<ScenarioBundle> {
  const file = resolve(path);
  if (!existsSync(file)) {
    throw new DrumlineError(
      'scenario-invalid',
      `There is no scenario file ${file}.`,
      'Check the path, or create a scenario with `drumline new`.',
    );
  }
  requireReadable(file);
  const realFile = realpathSync(file);
  try {
    const { outputFiles, metafile } = await build({
      entryPoints: [realFile],
      absWorkingDir: dirname(realFile),
      bundle: true,
      write: false,
      metafile: true,
      outfile: 'scenario.mjs',
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: 'external',
      sourcesContent: false,
      logLevel: 'silent',
      loader: DATA_FILES,
      external: [...external],
      // CommonJS packages load modules of Node with `require`.
      banner: {
        js: `${externalsHeader(readExternals(external, dirname(realFile)))}import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);`,
      },
      // They often read their own directory, too. It is fixed: files beside the bundle are not
      // sent.
      define: { __dirname: '"/bundle"', __filename: '"/bundle/scenario.mjs"' },
      plugins: [drumlineApi, ...(isAlone ? [noOtherFiles] : [])],
    });
    const names = stablePaths(metafile.inputs, basename(realFile), basename(file));
    return bundleOf(withSourceMap(outputFiles, names));
  } catch (error) {
    const { errors = [] } = error as Partial<BuildFailure>;
    if (errors.length === 0) throw error;
    throw new DrumlineError(
      'scenario-invalid',
      `${basename(file)} cannot be bundled:\n${errors.map(describe).join('\n')}`,
      hintFor(errors),
    );
  }
}

/** The external packages with the versions installed for the scenario. */
function readExternals(names: readonly string[], from: string): Externals {
  return Object.fromEntries(
    names.map((name) => {
      const folder = findPackage(name, from);
      return [name, folder === undefined ? null : versionOf(folder)];
    }),
  );
}

/**
 * Ends the bundler's process, which takes 12 MB. The next bundle starts it again. Do not call it
 * while a bundle is being made.
 */
export async function stopBundler(): Promise<void> {
  await stop();
}

/** Rejects files on which the bundler crashes or fails without a useful message. */
function requireReadable(file: string): void {
  try {
    requireShallow(textOfBytes(readFileSync(file)));
  } catch (error) {
    throw new DrumlineError('scenario-invalid', `${basename(file)} cannot be read: ${messageOf(error)}.`);
  }
}

function withSourceMap(files: readonly OutputFile[], names: ReadonlyMap<string, string>): string {
  const textOf = (ending: string): string => files.find(({ path }) => path.endsWith(ending))!.text;
  const base64 = Buffer.from(renameInMap(textOf('.map'), names)).toString('base64');
  return `${renameInCode(textOf('.mjs'), names)}//# sourceMappingURL=data:application/json;base64,${base64}\n`;
}

/** The bundle with gRPC schemas prepended. Workers do not have the schema files. */
export function addSchemas(bundle: ScenarioBundle, schemas: SchemaRecord): ScenarioBundle {
  return Object.keys(schemas).length === 0 ? bundle : bundleOf(withSchemas(bundle.code, schemas));
}

function bundleOf(code: string): ScenarioBundle {
  return { id: createHash('sha256').update(code).digest('hex'), code };
}

/** Resolves 'drumline' to the API of the running program instead of a copy in the bundle. */
export const drumlineApi: Plugin = {
  name: 'drumline-api',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /^drumline$/ }, () => ({ path: 'drumline', namespace: 'drumline-api' }));
    pluginBuild.onLoad({ filter: /.*/, namespace: 'drumline-api' }, () => ({
      contents: apiModuleSource(API_NAMES),
      loader: 'js',
    }));
  },
};

/** Refuses imports of files and packages. */
const noOtherFiles: Plugin = {
  name: 'no-other-files',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /.*/ }, ({ path, kind }) => {
      if (kind === 'entry-point' || isBuiltin(path)) return undefined;
      return { errors: [{ text: `'${path}' cannot be imported: an uploaded scenario is one file` }] };
    });
  },
};

function describe({ text, location }: Message): string {
  if (!location) return `  ${text}`;
  const pointer = `${' '.repeat(location.column)}^`;
  return `  ${location.file}:${location.line}:${location.column + 1}: ${text}\n      ${location.lineText}\n      ${pointer}`;
}

function hintFor(errors: readonly Message[]): string | undefined {
  if (errors.some(({ text }) => text.startsWith('Could not resolve'))) {
    return 'Install the missing package in the scenario’s directory (npm install NAME), or fix the path. If the package cannot be bundled, pass --external NAME and install it on every worker.';
  }
  if (errors.some(({ text }) => text.includes('No loader is configured for ".node"'))) {
    return 'Packages with native code cannot be bundled. Pass --external NAME and install the package on every worker, or use one in plain JavaScript.';
  }
  return undefined;
}
