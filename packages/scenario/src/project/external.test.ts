import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { bundleScenario } from '@drumline/scenario/project';
import { writeBundle } from '@drumline/scenario/parent';
import { loadBundle } from '@drumline/scenario/runtime';
import { tempProjects } from '../../../../test/support/temp-project.js';

const project = tempProjects();
const { NODE_PATH } = process.env;
const setNodePath = (value: string | undefined): void => {
  if (value === undefined) delete process.env['NODE_PATH'];
  else process.env['NODE_PATH'] = value;
};
beforeEach(() => setNodePath(undefined));
afterEach(() => setNodePath(NODE_PATH));

const SCENARIO = `
import { where as esm } from 'esm-only';
import * as cjs from 'old';
import { deep } from '@team/tools/deep.js';
import { scenario, user } from 'drumline';
export default scenario({ name: [esm, cjs.where, deep].join(), users: [user('u', { tasks: { t() {} } })] });`;

const EXTERNAL = ['esm-only', 'old', '@team/tools'];

/** Packages that export their location. None can be bundled. */
const packagesAt = (place: string): Record<string, string> => ({
  'node_modules/esm-only/package.json': '{ "type": "module", "exports": "./index.js", "version": "1.2.3" }',
  'node_modules/esm-only/index.js': `import { native } from 'own-dependency'; export const where = '${place} ' + native;`,
  'node_modules/own-dependency/package.json': '{ "type": "module", "exports": "./index.js" }',
  'node_modules/own-dependency/index.js': `export const native = 'native';`,
  'node_modules/old/package.json': '{ "main": "main.js" }',
  'node_modules/old/main.js': `if (__dirname === '/bundle') throw new Error('bundled'); exports.where = '${place}';`,
  'node_modules/@team/tools/package.json': '{ "type": "module", "version": "0.1.0" }',
  'node_modules/@team/tools/deep.js': `export const deep = '${place}';`,
});

async function nameIn(code: string, packagesFrom: string): Promise<string | undefined> {
  const file = writeBundle(code, { packagesFrom });
  return (await loadBundle(file.path)).spec.name;
}

describe('external packages', () => {
  test('of all kinds are loaded from the machine, with their dependencies', async () => {
    const here = project({ 'scenario.ts': SCENARIO, ...packagesAt('here') });
    const there = project(packagesAt('there'));
    const { code } = await bundleScenario(join(here, 'scenario.ts'), EXTERNAL);
    expect(await nameIn(code, here)).toBe('here native,here,here');
    expect(await nameIn(code, join(there, 'deeper', 'still'))).toBe('there native,there,there');
    setNodePath(join(there, 'node_modules'));
    expect(await nameIn(code, project({}))).toBe('there native,there,there');
  });

  test('that are missing are all reported at once, with the directory and the command', async () => {
    const here = project({ 'scenario.ts': SCENARIO, ...packagesAt('here') });
    const { code } = await bundleScenario(join(here, 'scenario.ts'), EXTERNAL);
    const empty = project({});
    expect(() => writeBundle(code, { packagesFrom: empty })).toThrow(
      `the packages esm-only, old, @team/tools are not installed here. The scenario uses them as external. Searched the working directory ${empty}. Install them there: npm install esm-only@1.2.3 old @team/tools@0.1.0`,
    );
  });

  test('may be missing if the code does not import them', async () => {
    const lazy = `import { scenario, user } from 'drumline';
      export default scenario({ name: 'lazy', users: [user('u', { tasks: { t: () => import('esm-only') } })] });`;
    const { code } = await bundleScenario(join(project({ 'scenario.ts': lazy }), 'scenario.ts'), [
      'esm-only',
    ]);
    const file = writeBundle(code, { packagesFrom: project({}), mayLackPackages: true });
    expect((await loadBundle(file.path)).spec.name).toBe('lazy');
  });

  test('that are missing and imported are reported with a hint', async () => {
    const { code } = await bundleScenario(
      join(project({ 'scenario.ts': SCENARIO }), 'scenario.ts'),
      EXTERNAL,
    );
    const file = writeBundle(code, { packagesFrom: project({}), mayLackPackages: true });
    await expect(loadBundle(file.path)).rejects.toMatchObject({
      message: expect.stringMatching(/esm-only|old|@team\/tools/) as unknown,
      hint: expect.stringContaining('npm install') as unknown,
    });
  });

  test('do not change a bundle without them', async () => {
    const plain = `import { scenario, user } from 'drumline';
      export default scenario({ users: [user('u', { tasks: { t() {} } })] });`;
    const path = join(project({ 'scenario.ts': plain }), 'scenario.ts');
    const [without, empty] = [await bundleScenario(path), await bundleScenario(path, [])];
    expect(empty.id).toBe(without.id);
    expect(without.code).not.toContain('drumline-external');
  });
});
