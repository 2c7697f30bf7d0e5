// Makes the one package that users install: `drumline-VERSION.tgz` in the root of the repository.
// It contains the internal packages (bundleDependencies) and ZeroMQ without unneeded files. Outputs
// with dependencies of their own become packages beside it.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packOptional } from './optional.js';
import { slimZeromq } from './slim-zeromq.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const INTERNAL = [
  'model',
  'stats',
  'drivers',
  'wire',
  'scenario',
  'worker',
  'master',
  'outputs',
  'client',
  'codegen',
  'kubernetes',
  'dashboard',
];

/** Schemas that programs can import, among the docs. */
const SCHEMAS = { './tap-1.json': './docs/schema/tap-1.json' };

/** The documentation, and the dashboards for Grafana that it names. */
const DOCUMENTED = ['docs', 'grafana'];
/** Packages that users install beside it. */
const OPTIONAL = ['output-amqp', 'output-postgres'];

interface Manifest {
  readonly version: string;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

const staging = mkdtempSync(join(tmpdir(), 'drumline-pack-'));
try {
  const { version } = stage();
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
function stage(): Manifest {
  const manifest = copyPackage(join(ROOT, 'packages/drumline'), staging);
  for (const file of ['LICENSE', 'README.md']) cpSync(join(ROOT, file), join(staging, file));
  for (const directory of DOCUMENTED)
    cpSync(join(ROOT, directory), join(staging, directory), { recursive: true });
  const manifests = INTERNAL.map((name) =>
    copyPackage(join(ROOT, 'packages', name), join(staging, 'node_modules/@drumline', name)),
  );
  const zeromqDependencies = slimZeromq(join(ROOT, 'node_modules'), join(staging, 'node_modules'));
  const bundled = [...INTERNAL.map((name) => `@drumline/${name}`), ...Object.keys(zeromqDependencies)];
  const packed = {
    ...manifest,
    scripts: undefined,
    files: [...(manifest.files ?? []), ...DOCUMENTED],
    exports: { ...manifest.exports, ...SCHEMAS },
    dependencies: { ...dependenciesOf([manifest, ...manifests]), ...zeromqDependencies },
    bundleDependencies: bundled,
  };
  writeManifest(staging, packed);
  return manifest;
}

/** Copies what a package publishes, without maps of sources that are not published. */
function copyPackage(from: string, to: string): Manifest {
  const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as Manifest;
  mkdirSync(to, { recursive: true });
  for (const entry of manifest.files ?? []) {
    if (entry.startsWith('!')) continue;
    cpSync(join(from, entry), join(to, entry), {
      recursive: true,
      filter: (path) => !/\.map$|\.tsbuildinfo$/.test(path),
    });
  }
  removeMapComments(to);
  writeManifest(to, { ...manifest, scripts: undefined, devDependencies: undefined });
  return manifest;
}

/** Removes comments that name missing maps, about which debuggers complain. */
function removeMapComments(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:js|d\.ts)$/.test(entry)) continue;
    const path = join(folder, entry);
    const text = readFileSync(path, 'utf8');
    const without = text.replace(/\n\/\/# sourceMappingURL=[^\n]*\.map\s*$/, '\n');
    if (without !== text) writeFileSync(path, without);
  }
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

function writeManifest(folder: string, manifest: object): void {
  mkdirSync(dirname(join(folder, 'package.json')), { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
