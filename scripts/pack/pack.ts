// Makes the one package that users install: `drumline-VERSION.tgz` in the root of the repository.
// It contains the internal packages (bundleDependencies) and ZeroMQ without unneeded files. Outputs
// with dependencies of their own become packages beside it.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packOptional } from './optional.js';
import { slimZeromq } from './slim-zeromq.js';
import { stagePackages, writeManifest, type Manifest } from './stage.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Schemas that programs can import, among the docs. */
const SCHEMAS = { './tap-1.json': './docs/schema/tap-1.json' };

/** The documentation, and the dashboards for Grafana that it names. */
const DOCUMENTED = ['docs', 'grafana'];
/** Packages that users install beside it. */
const OPTIONAL = ['output-amqp', 'output-postgres'];

const staging = mkdtempSync(join(tmpdir(), 'drumline-pack-'));
try {
  const { version } = await stage();
  const packed = execFileSync('npm', ['pack', staging, '--json', '--pack-destination', ROOT], {
    encoding: 'utf8',
  });
  const [{ size, unpackedSize }] = JSON.parse(packed) as [{ size: number; unpackedSize: number }];
  console.log(`drumline-${version}.tgz: ${megabytes(size)}, unpacked ${megabytes(unpackedSize)}.`);
  console.log(`Install it with: npm install ${join(ROOT, `drumline-${version}.tgz`)}`);
  for (const name of OPTIONAL)
    console.log(`${await packOptional(ROOT, name)}: optional, installed beside it.`);
} finally {
  rmSync(staging, { recursive: true, force: true });
}

/**
 * Assembles the package.
 * @returns its manifest
 */
async function stage(): Promise<Manifest> {
  const { main: manifest, internal, names } = await stagePackages(ROOT, staging);
  for (const file of ['LICENSE', 'README.md']) cpSync(join(ROOT, file), join(staging, file));
  for (const directory of DOCUMENTED)
    cpSync(join(ROOT, directory), join(staging, directory), { recursive: true });
  const zeromqDependencies = slimZeromq(join(ROOT, 'node_modules'), join(staging, 'node_modules'));
  const bundled = [...names, ...Object.keys(zeromqDependencies)];
  const packed = {
    ...manifest,
    scripts: undefined,
    files: [...(manifest.files ?? []), ...DOCUMENTED],
    exports: { ...manifest.exports, ...SCHEMAS },
    dependencies: { ...dependenciesOf([manifest, ...internal]), ...zeromqDependencies },
    bundleDependencies: bundled,
  };
  writeManifest(staging, packed);
  return manifest;
}

/** @throws Error if two packages want different versions of one dependency */
function dependenciesOf(manifests: readonly Manifest[]): Record<string, string> {
  const all: Record<string, string> = {};
  for (const { dependencies = {} } of manifests) {
    for (const [name, range] of Object.entries(dependencies)) {
      if (all[name] !== undefined && all[name] !== range)
        throw new Error(`${name}: ${all[name]} and ${range} are both wanted`);
      all[name] = range;
    }
  }
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => a.localeCompare(b)));
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
