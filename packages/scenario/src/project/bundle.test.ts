import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { bundleScenario } from '@drumline/scenario/project';
import { loadBundle, writeBundle } from '@drumline/scenario/runtime';
import { tempProjects } from '../../../../test/support/temp-project.js';

const project = tempProjects();

/** Ends a scenario whose name says what the test wants to see. */
const named = (name: string): string => `
import { scenario, user } from 'drumline';
export default scenario({ name: String(${name}), users: [user('u', { tasks: { t() {} } })] });`;

/** The name of the scenario, after it has been bundled and its folder is of no use any more. */
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

/** What bundling refuses with. */
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

  test('CommonJS packages that ask for their folder, beside modules that name theirs so', async () => {
    expect(
      await nameOf({
        'scenario.ts': `import old from 'old'; const __dirname = 'mine';${named('__dirname + old.place')}`,
        'node_modules/old/package.json': '{ "main": "main.js" }',
        'node_modules/old/main.js': `exports.place = typeof __dirname + typeof __filename;`,
      }),
    ).toBe('minestringstring');
  });

  test('modules that make a require of their own', async () => {
    expect(
      await nameOf({
        'scenario.ts': `
          import { createRequire } from 'node:module';
          const require = createRequire(import.meta.url);
          ${named(`require('node:path').posix.join('c', 'd')`)}`,
      }),
    ).toBe('c/d');
  });

  test('data: JSON as values, other files as texts or bytes', async () => {
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
  test('is the same for the same files, wherever they are, and another one for others', async () => {
    const idOf = async (name: string): Promise<string> =>
      (await bundleScenario(join(project({ 'scenario.ts': named(name) }), 'scenario.ts'))).id;
    const [first, again, other] = [await idOf("'a'"), await idOf("'a'"), await idOf("'b'")];
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });
});

describe('what cannot be bundled is refused with', () => {
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

  test('the way to install a package that is not there', async () => {
    expect(await refusalOf({ 'scenario.ts': `import 'no-such-package';` })).toMatchObject({
      message: expect.stringContaining('no-such-package') as unknown,
      hint: expect.stringContaining('npm install') as unknown,
    });
  });

  test('what native packages are not fit for', async () => {
    const files = { 'scenario.ts': `import './native.node';`, 'native.node': '' };
    expect(await refusalOf(files)).toMatchObject({ hint: expect.stringContaining('native code') as unknown });
  });

  test.each([
    ['zero bytes', 'export default 1\0', /it is no text, as there are zero bytes in it/],
    ['brackets without end', '['.repeat(100_000), /it is nested more than 1000 deep/],
  ])('a file of %s', async (_, code, why) => {
    expect(await refusalOf({ 'scenario.ts': code })).toMatchObject({
      exit: 'scenario-invalid',
      message: expect.stringMatching(why) as unknown,
    });
  });

  test('the path of a file that is not there', async () => {
    expect(await refusalOf({})).toMatchObject({
      exit: 'scenario-invalid',
      message: expect.stringMatching(/^There is no scenario file .*scenario\.ts\.$/) as unknown,
      hint: expect.stringContaining('drumline new') as unknown,
    });
  });
});
