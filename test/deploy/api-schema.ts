import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Manifest } from './kustomize.js';

const { resolve } = createRequire(import.meta.url);

/**
 * Checks manifests against the Kubernetes API without a cluster. Each becomes a typed literal, and
 * the compiler finds unknown fields, wrong types and missing fields at any depth.
 * @returns the compiler's messages, or '' if there are none
 */
export async function schemaProblems(manifests: readonly Manifest[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drumline-manifests-'));
  try {
    const files = await Promise.all(
      manifests.map(async (manifest, index) => {
        const file = `${manifest.kind}-${manifest.metadata.name}-${index}.ts`;
        await writeFile(join(folder, file), asTyped(manifest));
        return file;
      }),
    );
    return await compile(folder, files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function asTyped(manifest: Manifest): string {
  const types = dirname(resolve('kubernetes-types/package.json'));
  const module = manifest.apiVersion.includes('/')
    ? manifest.apiVersion.replace(/(?:\.authorization)?\.k8s\.io/, '')
    : `core/${manifest.apiVersion}`;
  return [
    `import type { ${manifest.kind} } from ${JSON.stringify(join(types, `${module}.js`))};`,
    `export const manifest: ${manifest.kind} = ${JSON.stringify(manifest, null, 2)};`,
  ].join('\n');
}

async function compile(folder: string, files: readonly string[]): Promise<string> {
  const manifest = resolve('typescript/package.json');
  const { bin } = createRequire(import.meta.url)(manifest) as { bin: { tsc: string } };
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--pretty',
    'false',
    '--types',
    '',
  ];
  const compiler = [join(dirname(manifest), bin.tsc), ...options, ...files];
  return await new Promise((done) => {
    execFile(process.execPath, compiler, { cwd: folder }, (error, stdout, stderr) => {
      done(error ? stdout + stderr || error.message : '');
    });
  });
}
