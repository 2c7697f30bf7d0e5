import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';
import { requireShallow, textOfBytes } from '../text-file.js';
import { build, stop, type BuildFailure, type Message, type OutputFile, type Plugin } from 'esbuild';
import { API_NAMES, apiModuleSource } from '../runtime/api-module.js';
import { externalsHeader, findPackage, versionOf, type Externals } from '../runtime/externals.js';
import { withSchemas, type SchemaRecord } from '../runtime/grpc-sources.js';
import { renameInCode, renameInMap, stablePaths } from './stable-paths.js';

/** As `assets.d.ts` declares them. */
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

/** A scenario file with everything it imports as one script, as it travels to the workers. */
export interface ScenarioBundle {
  /** SHA-256 of the code, hexadecimal. */
  readonly id: string;
  /**
   * An ES module that needs nothing but Node, with its source map at the end. The same files give
   * the same code, wherever they are and through whatever links they are reached.
   */
  readonly code: string;
}

/**
 * Bundles a scenario file with its imports: local files, npm packages, and data files (`.csv`, `.pem`, …).
 * @param external packages that are left out, as they cannot be bundled: each worker has its own
 * @throws DrumlineError `scenario-invalid` that shows each mistake with its file and line
 */
export async function bundleScenario(
  path: string,
  external: readonly string[] = [],
): Promise<ScenarioBundle> {
  const file = resolve(path);
  if (!existsSync(file)) {
    throw new DrumlineError(
      'scenario-invalid',
      `There is no scenario file ${file}.`,
      'Check the path, or make a first scenario with `drumline new`.',
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
      // CommonJS packages call `require` for Node's own modules.
      banner: {
        js: `${externalsHeader(readExternals(external, dirname(realFile)))}import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);`,
      },
      // They often ask where they are, too, which is nowhere: no file beside them travels along.
      define: { __dirname: '"/bundle"', __filename: '"/bundle/scenario.mjs"' },
      plugins: [drumlineApi],
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

/** With the versions that the scenario finds. */
function readExternals(names: readonly string[], from: string): Externals {
  return Object.fromEntries(
    names.map((name) => {
      const folder = findPackage(name, from);
      return [name, folder === undefined ? null : versionOf(folder)];
    }),
  );
}

/**
 * Ends the bundler's process, which takes 12 MB; another bundle starts it again. Call it while
 * nothing is bundled.
 */
export async function stopBundler(): Promise<void> {
  await stop();
}

/** What the bundler has no words for, or would die of. */
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

/** The bundle with schemas of gRPC services in front: their files are on the machine of the command only. */
export function addSchemas(bundle: ScenarioBundle, schemas: SchemaRecord): ScenarioBundle {
  return Object.keys(schemas).length === 0 ? bundle : bundleOf(withSchemas(bundle.code, schemas));
}

function bundleOf(code: string): ScenarioBundle {
  return { id: createHash('sha256').update(code).digest('hex'), code };
}

/** What a scenario imports from 'drumline' is the running program's own, never a copy within the bundle. */
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

function describe({ text, location }: Message): string {
  if (!location) return `  ${text}`;
  const pointer = `${' '.repeat(location.column)}^`;
  return `  ${location.file}:${location.line}:${location.column + 1}: ${text}\n      ${location.lineText}\n      ${pointer}`;
}

function hintFor(errors: readonly Message[]): string | undefined {
  if (errors.some(({ text }) => text.startsWith('Could not resolve'))) {
    return 'Install the missing package beside the scenario (npm install NAME), or mend the path. A package that cannot be bundled: --external NAME, and install it on every worker.';
  }
  if (errors.some(({ text }) => text.includes('No loader is configured for ".node"'))) {
    return 'Packages with native code cannot travel to the workers: name it with --external NAME and install it on every worker, or use a pure JavaScript one.';
  }
  return undefined;
}
