// Packs the package, installs it in an empty directory and uses it there, as users do.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { startTarget } from '../../scripts/dist/demo/target.js';

const ROOT = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'packages/drumline/package.json'), 'utf8')) as {
  version: string;
};
const TARBALL = join(ROOT, `drumline-${version}.tgz`);
const OUTPUT_TARBALL = join(ROOT, `drumline-output-postgres-${version}.tgz`);

const exec = promisify(execFile);

async function run(folder: string, command: string, ...args: string[]): Promise<string> {
  const env = { ...process.env };
  // Options of Jest that users do not set.
  delete env['NODE_OPTIONS'];
  const { stdout, stderr } = await exec(command, args, { cwd: folder, env, maxBuffer: 64e6 });
  return stdout + stderr;
}

const hasRegistry = await run(ROOT, 'npm', 'view', 'picocolors', 'version').then(
  () => true,
  () => false,
);
const withRegistry = hasRegistry ? describe : describe.skip;

withRegistry(`the package${hasRegistry ? '' : ' (skipped: no npm registry)'}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drumline-package-'));
    await run(ROOT, 'npm', 'run', 'pack');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('installs in an empty directory, and writes a project that installs, checks and runs', async () => {
    await run(folder, 'npm', 'install', '--no-save', TARBALL);
    await run(folder, 'npx', 'drumline', 'new', 'my-test');
    const project = join(folder, 'my-test');
    const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(manifest.devDependencies['drumline']).toBe(`file:${TARBALL}`);

    const installed = await run(project, 'npm', 'install');
    expect(installed).not.toContain('install-scripts');
    expect(await run(project, 'npx', 'drumline', 'check')).toContain('scenario');
    await using target = await disposable(startTarget({ host: '127.0.0.1' }));
    const options = ['-u', '3', '-t', '3s', '--json', 'result.json', '--no-html', '--api', '127.0.0.1:0'];
    await run(project, 'npx', 'drumline', 'run', '-H', target.url, ...options).catch(() => {});
    const result = JSON.parse(readFileSync(join(project, 'result.json'), 'utf8')) as RunResult;
    expect(result.totals.requests).toBeGreaterThan(0);
    expect(result.totals.requests).toBe(target.count);
  });

  test('generates a scenario from an OpenAPI document', async () => {
    const source = join(ROOT, 'packages/codegen/test/recordings/petstore.yaml');
    const written = await run(folder, 'npx', 'drumline', 'new', '-o', '-', '--from-openapi', source);
    expect(written).toContain('export default scenario(');
  });

  test('works with the package of an output beside it, and says what to install without it', async () => {
    const spec = ['report', 'postgres://nobody@127.0.0.1:1/load'];
    const report = (): Promise<string> =>
      run(folder, 'npx', 'drumline', ...spec).catch((error: Error & { stderr: string }) => error.stderr);
    expect(await report()).toContain('npm install @drumline/output-postgres');
    await run(folder, 'npm', 'install', '--no-save', TARBALL, OUTPUT_TARBALL);
    expect(await report()).toContain('connect ECONNREFUSED 127.0.0.1:1');
    const scenario = join(folder, 'my-test/scenario.ts');
    const out = ['--out', 'postgres=postgres://nobody@127.0.0.1:1/load?schem=x'];
    const refused = await run(folder, 'npx', 'drumline', 'run', scenario, ...out).catch(
      (error: Error & { stderr: string }) => error.stderr,
    );
    expect(refused).toContain('there is no option schem; did you mean schema?');
  });

  test('contains the internal packages, and builds or downloads nothing during installation', async () => {
    const drumline = join(folder, 'node_modules/drumline');
    const listed = await run(drumline, 'ls', 'node_modules/@drumline');
    const internal = [
      'client',
      'codegen',
      'dashboard',
      'drivers',
      'kubernetes',
      'master',
      'model',
      'outputs',
      'scenario',
      'stats',
      'wire',
      'worker',
    ];
    expect(listed.trim().split(/\s+/)).toEqual(internal);
    const zeromq = JSON.parse(readFileSync(join(drumline, 'node_modules/zeromq/package.json'), 'utf8')) as {
      scripts?: object;
    };
    expect(zeromq.scripts).toBeUndefined();
  });

  test('exports the client and the embedding API, with types that need no other package', async () => {
    const url = 'http://127.0.0.1:8089';
    const program = `import { connect } from 'drumline/client'; console.log(connect({ url: '${url}/' }).url);`;
    expect(await run(folder, 'node', '--input-type=module', '-e', program)).toBe(`${url}\n`);
    for (const name of ['client', 'embed'])
      await cp(join(ROOT, `test/types/${name}.types.ts`), join(folder, `${name}.types.mts`));
    const modules = join(ROOT, 'node_modules');
    const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--ignoreConfig'];
    const target = ['--target', 'ES2023', '--module', 'NodeNext'];
    const types = ['--types', 'node', '--typeRoots', join(modules, '@types')];
    const compiler = join(modules, 'typescript/bin/tsc');
    await run(
      folder,
      'node',
      compiler,
      ...strict,
      ...target,
      ...types,
      'client.types.mts',
      'embed.types.mts',
    );
  });
});

async function disposable<T extends { close(): Promise<void> }>(
  opening: Promise<T>,
): Promise<T & AsyncDisposable> {
  const value = await opening;
  return Object.assign(value, { [Symbol.asyncDispose]: () => value.close() });
}
