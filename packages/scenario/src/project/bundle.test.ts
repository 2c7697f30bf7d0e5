import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { bundleScenario } from '@drumline/scenario/project';
import { writeBundle } from '@drumline/scenario/parent';
import { loadBundle } from '@drumline/scenario/runtime';
import { tempProjects } from '../../../../test/support/temp-project.js';

const project = tempProjects();

/** The end of a scenario that returns a value as its name. */
const named = (name: string): string => `
import { scenario, user } from 'drumline';
export default scenario({ name: String(${name}), users: [user('u', { tasks: { t() {} } })] });`;

/** The name of the scenario after bundling, loaded without its directory. */
async function nameOf(files: Record<string, string>): Promise<string | undefined> {
  const folder = project(files);
  const { code } = await bundleScenario(join(folder, 'scenario.ts'));
  return await nameIn(code);
}

async function nameIn(code: string): Promise<string | undefined> {
  const file = writeBundle(code);
  try {
    return (await loadBundle(file.path)).spec.name;
  } finally {
    file.remove();
  }
}

/** The error of bundling. */
async function refusalOf(files: Record<string, string>): Promise<unknown> {
  return bundleScenario(join(project(files), 'scenario.ts')).catch((error: unknown) => error);
}

describe('a bundle holds', () => {
  test('local files', async () => {
    expect(
      await nameOf({
        'scenario.ts': `import { greeting } from './lib/greeting.js';${named('greeting')}`,
        'lib/greeting.ts': `export { greeting } from './deeper';`,
        'lib/deeper.ts': `export const greeting: string = 'hello';`,
      }),
    ).toBe('hello');
  });

  test('npm packages', async () => {
    expect(
      await nameOf({
        'scenario.ts': `import { twice } from 'twice';${named('twice(21)')}`,
        'node_modules/twice/package.json': '{ "type": "module", "exports": "./index.js" }',
        'node_modules/twice/index.js': 'export const twice = (n) => 2 * n;',
      }),
    ).toBe('42');
  });

  test('CommonJS packages that require Node’s own modules', async () => {
    expect(
      await nameOf({
        'scenario.ts': `import old from 'old';${named('old.join()')}`,
        'node_modules/old/package.json': '{ "main": "main.js" }',
        'node_modules/old/main.js': `const path = require('path'); exports.join = () => path.posix.join('a', 'b');`,
      }),
    ).toBe('a/b');
  });

  test('CommonJS packages that use __dirname, and modules that declare it', async () => {
    expect(
      await nameOf({
        'scenario.ts': `import old from 'old'; const __dirname = 'mine';${named('__dirname + old.place')}`,
        'node_modules/old/package.json': '{ "main": "main.js" }',
        'node_modules/old/main.js': `exports.place = typeof __dirname + typeof __filename;`,
      }),
    ).toBe('minestringstring');
  });

  test('modules that create their own require', async () => {
    expect(
      await nameOf({
        'scenario.ts': `
          import { createRequire } from 'node:module';
          const require = createRequire(import.meta.url);
          ${named(`require('node:path').posix.join('c', 'd')`)}`,
      }),
    ).toBe('c/d');
  });

  test('data files: JSON as values, others as text or bytes', async () => {
    expect(
      await nameOf({
        'scenario.ts': `
          import users from './users.csv';
          import skus from './skus.json';
          import blob from './blob.bin';
          ${named("[users.trim().split('\\n').length, skus[1], blob.length].join()")}`,
        'users.csv': 'ann,1\nbob,2\n',
        'skus.json': '[7, 8]',
        'blob.bin': 'four',
      }),
    ).toBe('2,8,4');
  });

  test('the API of the running program, not a copy of it', async () => {
    const folder = project({
      'scenario.ts': named("'x'"),
      'node_modules/drumline/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/drumline/index.js': 'throw new Error("the copy was loaded");',
    });
    const { code } = await bundleScenario(join(folder, 'scenario.ts'));
    expect(await nameIn(code)).toBe('x');
  });
});

describe('the id of a bundle', () => {
  test('is the same for the same files in any directory, and differs for others', async () => {
    const idOf = async (name: string): Promise<string> =>
      (await bundleScenario(join(project({ 'scenario.ts': named(name) }), 'scenario.ts'))).id;
    const [first, again, other] = [await idOf("'a'"), await idOf("'a'"), await idOf("'b'")];
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });
});

describe('the code of a bundle does not depend on symbolic links:', () => {
  const files = {
    'scenario.ts': `import { greeting } from './greeting';
      import old from 'old';
      import rows from './rows.csv';
      import limits from './index';
      import number from './index.cjs';
      console.assert(limits, number);
      ${named('greeting + old + rows')}`,
    'greeting.ts': `export const greeting = 'hello';`,
    'rows.csv': 'a,b',
    'index.ts': `export default class {}; export * as all from './greeting';`,
    'index.cjs': `module.exports = 1;`,
  };
  const old = { 'package.json': '{ "main": "main.js" }', 'main.js': `module.exports = 'x';` };

  /**
   * As Kubernetes mounts a config map: each file links to `..data`, which links to a new directory.
   */
  function mount(folder: string, stamp: string, content: Record<string, string>): void {
    mkdirSync(join(folder, stamp), { recursive: true });
    symlinkSync(stamp, join(folder, '..data'));
    for (const [name, text] of Object.entries(content)) {
      writeFileSync(join(folder, stamp, name), text);
      symlinkSync(join('..data', name), join(folder, name));
    }
  }

  /**
   * A bundle of the files above, with its config maps and packages in directories named by the
   * stamp.
   */
  async function bundleAt(stamp: string): Promise<string> {
    const root = project({});
    mount(join(root, 'scenario'), `..${stamp}`, files);
    mount(join(root, 'packages'), stamp, old);
    mkdirSync(join(root, 'scenario/node_modules'));
    symlinkSync(join(root, 'packages/..data'), join(root, 'scenario/node_modules/old'));
    return (await bundleScenario(join(root, 'scenario/scenario.ts'))).code;
  }

  test('a config map that is mounted again', async () => {
    const [first, again] = [await bundleAt('2026_11_28.1'), await bundleAt('2026_11_29.22')];
    expect(again).toBe(first);
    expect(await nameIn(again)).toBe('helloxa,b');
  });

  test('a link to the directory of the current release', async () => {
    const bundles = ['v1', 'v22'].map(async (release) => {
      const root = project({
        [`releases/${release}/load/scenario.ts`]: `import '../lib/a'; import b from 'b'; ${named('b')}`,
        [`releases/${release}/lib/a/index.ts`]: `import '../c.js';`,
        [`releases/${release}/lib/c.ts`]: `export const c = 1;`,
        [`releases/${release}/b/index.js`]: `module.exports = 'b';`,
      });
      symlinkSync(join(root, 'releases', release), join(root, 'current'));
      mkdirSync(join(root, 'current/node_modules'));
      symlinkSync('../b', join(root, 'current/node_modules/b'));
      return (await bundleScenario(join(root, 'current/load/scenario.ts'))).code;
    });
    const [first, second] = await Promise.all(bundles);
    expect(second).toBe(first);
    expect(await nameIn(second!)).toBe('b');
  });

  test('a scenario that is a link keeps its name in stacks', async () => {
    const root = project({ 'versions/7.ts': `throw new Error('seven');` });
    symlinkSync(join(root, 'versions/7.ts'), join(root, 'scenario.ts'));
    const { code } = await bundleScenario(join(root, 'scenario.ts'));
    expect(sourcesOf(code)).toEqual(['scenario.ts']);
  });

  test('two files with the same name get different names', async () => {
    const root = project({
      'load/scenario.ts': `import a from 'a'; import b from 'b'; ${named('a + b')}`,
      'load/node_modules/a/index.js': `export { default } from 'c';`,
      'load/node_modules/a/node_modules/c/index.js': `export default 'one';`,
      'load/node_modules/b/index.js': `export { default } from 'c';`,
      'load/node_modules/b/node_modules/c/index.js': `export default 'two';`,
    });
    const { code } = await bundleScenario(join(root, 'load/scenario.ts'));
    expect(await nameIn(code)).toBe('onetwo');
    expect(sourcesOf(code)).toEqual(expect.arrayContaining(['node_modules/c/index.js~2']));
  });
});

function sourcesOf(code: string): string[] {
  const [, base64] = /sourceMappingURL=data:application\/json;base64,(.*)\n$/.exec(code)!;
  return (JSON.parse(Buffer.from(base64!, 'base64').toString()) as { sources: string[] }).sources;
}

describe('a bundling error gives', () => {
  test('file and line of a syntax error', async () => {
    expect(await refusalOf({ 'scenario.ts': 'const a = 1;\nconst b = = 2;\n' })).toMatchObject({
      exit: 'scenario-invalid',
      message: expect.stringMatching(
        /scenario\.ts:2:11: Unexpected "="\n.*const b = = 2;\n {16}\^/,
      ) as unknown,
    });
  });

  test('every error at once', async () => {
    expect(
      await refusalOf({
        'scenario.ts': `import a from './a.js';\nimport b from 'b';\nexport default [a, b];`,
      }),
    ).toMatchObject({
      message: expect.stringMatching(
        /scenario\.ts:1:15: Could not resolve "\.\/a\.js"[^]*scenario\.ts:2:15: .*"b"/,
      ) as unknown,
    });
  });

  test('the place of an error in an imported file', async () => {
    const files = { 'scenario.ts': `import './lib/broken.js';`, 'lib/broken.ts': '\n\nlet x: = 3;' };
    expect(await refusalOf(files)).toMatchObject({
      message: expect.stringContaining('lib/broken.ts:3:') as unknown,
    });
  });

  test('the command to install a missing package', async () => {
    expect(await refusalOf({ 'scenario.ts': `import 'no-such-package';` })).toMatchObject({
      message: expect.stringContaining('no-such-package') as unknown,
      hint: expect.stringContaining('npm install') as unknown,
    });
  });

  test('the reason for native packages', async () => {
    const files = { 'scenario.ts': `import './native.node';`, 'native.node': '' };
    expect(await refusalOf(files)).toMatchObject({ hint: expect.stringContaining('native code') as unknown });
  });

  test.each([
    ['zero bytes', 'export default 1\0', /it is not text: it contains zero bytes/],
    ['brackets without end', '['.repeat(100_000), /it is nested more than 1000 levels deep/],
  ])('a file of %s', async (_, code, why) => {
    expect(await refusalOf({ 'scenario.ts': code })).toMatchObject({
      exit: 'scenario-invalid',
      message: expect.stringMatching(why) as unknown,
    });
  });

  test('the path of a missing file', async () => {
    expect(await refusalOf({})).toMatchObject({
      exit: 'scenario-invalid',
      message: expect.stringMatching(/^There is no scenario file .*scenario\.ts\.$/) as unknown,
      hint: expect.stringContaining('drumline new') as unknown,
    });
  });
});
