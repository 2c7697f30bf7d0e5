import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/**
 * Packs a package that users install beside drumline. Its code and what it uses of the internal
 * packages become one file, because they are out of its reach in the package `drumline`.
 * @param root of the repository
 * @returns the name of the file, in the root
 */
export async function packOptional(root: string, folder: string): Promise<string> {
  const source = join(root, 'packages', folder);
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Manifest;
  const { version, dependencies = {} } = manifest;
  const staging = mkdtempSync(join(tmpdir(), 'drumline-pack-'));
  try {
    await build({
      entryPoints: [join(source, 'dist/index.js')],
      outfile: join(staging, 'dist/index.js'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      external: Object.keys(dependencies),
      logLevel: 'warning',
      plugins: [
        {
          name: 'only what is used',
          setup: (bundler) => {
            bundler.onResolve({ filter: /^@drumline\// }, async ({ path, pluginData, ...options }) => {
              if (pluginData === 'resolving') return undefined;
              const found = await bundler.resolve(path, { ...options, pluginData: 'resolving' });
              return { ...found, sideEffects: false };
            });
          },
        },
      ],
    });
    for (const file of ['LICENSE', `packages/${folder}/README.md`])
      cpSync(join(root, file), join(staging, file.replace(/^.*\//, '')));
    const packed = {
      ...manifest,
      files: ['dist'],
      exports: { '.': './dist/index.js' },
      scripts: undefined,
      devDependencies: undefined,
      peerDependencies: { drumline: version },
    };
    writeFileSync(join(staging, 'package.json'), `${JSON.stringify(packed, null, 2)}\n`);
    const output = execFileSync('npm', ['pack', staging, '--json', '--pack-destination', root], {
      encoding: 'utf8',
    });
    return (JSON.parse(output) as [{ filename: string }])[0].filename;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
