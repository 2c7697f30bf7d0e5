import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** Whatever a package says about its entries. */
interface Manifest {
  readonly exports?: Readonly<Record<string, string | { readonly default?: string }>>;
  readonly imports?: Readonly<Record<string, { readonly default?: string }>>;
}

/** A file beside a module that starts as a process or a thread. */
const STARTED_FILE = /new URL\('([^']+\.js)', import\.meta\.url\)/g;
/** How the file in `bin` loads the command line. */
const COMMAND_LINE = 'dist/cli/main.js';

/**
 * Joins the modules of a built package to few files, in its folder. Node loads one file much faster
 * than a hundred, and each worker, lane and command loads them. What other packages can import, and
 * what starts as a process or a thread, keeps its path. Other packages stay apart.
 */
export async function bundlePackage(folder: string): Promise<void> {
  const dist = join(folder, 'dist');
  const modules = modulesIn(dist);
  const entries = entriesOf(folder, modules);
  if (entries.length === 0) return;
  const { metafile } = await build({
    entryPoints: entries.map((file) => join(folder, file)),
    outdir: dist,
    outbase: dist,
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    charset: 'utf8',
    chunkNames: 'chunks/[hash]',
    metafile: true,
    logLevel: 'warning',
    plugins: [urlsOfModules(dist)],
    absWorkingDir: folder,
  });
  const written = new Set(Object.keys(metafile.outputs));
  for (const file of modules) if (!written.has(file)) rmSync(join(folder, file));
}

/** @returns paths from the folder of the package */
function modulesIn(dist: string): string[] {
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js') && !file.startsWith(`app${sep}`))
    .map((file) => `dist/${file.replaceAll(sep, '/')}`);
}

function entriesOf(folder: string, modules: readonly string[]): string[] {
  const { exports = {}, imports = {} } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Manifest;
  const entries = new Set<string>();
  for (const target of [...Object.values(exports), ...Object.values(imports)]) {
    const file = typeof target === 'string' ? target : target.default;
    if (file?.endsWith('.js')) entries.add(file.replace(/^\.\//, ''));
  }
  if (modules.includes(COMMAND_LINE)) entries.add(COMMAND_LINE);
  for (const module of modules)
    for (const [, file] of readFileSync(join(folder, module), 'utf8').matchAll(STARTED_FILE))
      entries.add(join(module, '..', file!).replaceAll(sep, '/'));
  return [...entries];
}

/** Keeps the value of `import.meta.url` of each module, wherever its code goes. */
function urlsOfModules(dist: string): Plugin {
  return {
    name: 'urls of modules',
    setup: (bundler) => {
      bundler.onLoad({ filter: /\.js$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (!text.includes('import.meta.url')) return undefined;
        const file = relative(dist, path).replaceAll(sep, '/');
        const root = "import.meta.url.slice(0, import.meta.url.lastIndexOf('/dist/') + 6)";
        const contents = text.replaceAll('import.meta.url', `(${root} + ${JSON.stringify(file)})`);
        return { contents, loader: 'js' };
      });
    },
  };
}
