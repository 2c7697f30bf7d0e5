// Bundles libraries into one file each, so that an installation does not need them. typebox has
// hundreds of small modules; as one file it loads ten times faster in every worker, lane and
// command. msgpackr would bring native code and an install script. Run by `npm run build`.
import { mkdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * The bundled libraries and their output files. The package there names the file in its `imports`.
 */
const VENDORED = [
  {
    library: 'typebox',
    source: "export { default, default as Type } from 'typebox'; export { Compile } from 'typebox/compile';",
    outfile: 'packages/wire/dist/vendor/typebox.js',
  },
  {
    // `pack` is the same library without its native part.
    library: 'msgpackr',
    source: "export { Packr } from 'msgpackr/pack';",
    outfile: 'packages/wire/dist/vendor/msgpackr.js',
  },
];

for (const { library, source, outfile } of VENDORED) {
  const path = join(root, outfile);
  const { version } = createRequire(import.meta.url)(join(root, 'node_modules', library, 'package.json')) as {
    version: string;
  };
  const banner = `/* ${library} ${version}, bundled; its licence is in node_modules/${library} and at npmjs.com/package/${library} */`;
  if (await isFresh(path, banner)) continue;
  await mkdir(dirname(path), { recursive: true });
  await build({
    stdin: { contents: source, resolveDir: join(root, dirname(dirname(dirname(outfile)))) },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    legalComments: 'inline',
    banner: { js: banner },
    outfile: path,
  });
  console.log(`bundled ${library} ${version}: ${Math.round((await stat(path)).size / 1024)} KB`);
}

async function isFresh(path: string, banner: string): Promise<boolean> {
  return (await readFile(path, 'utf8').catch(() => '')).startsWith(banner);
}
