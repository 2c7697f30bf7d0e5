import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ScenarioDirectory } from './scenario-directory.js';

const CODE = `import { scenario } from 'drumline';\nexport default scenario({ users: [] });\n`;

let place: string;
let root: string;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'drumline-scenarios-'));
  root = join(place, 'scenarios');
  await mkdir(join(root, 'checkout', 'node_modules'), { recursive: true });
  await writeFile(join(root, 'shop.ts'), CODE);
  await writeFile(join(root, 'checkout', 'pay.mjs'), CODE);
  await writeFile(join(place, 'outside.ts'), CODE);
});
afterEach(() => rm(place, { recursive: true, force: true }));

const paths = async (): Promise<string[]> =>
  (await new ScenarioDirectory(root).list()).map(({ path }) => path);

test('lists scenarios with their paths, and leaves out helpers, tests and packages', async () => {
  await writeFile(join(root, 'helper.ts'), 'export const items = 3;\n');
  await writeFile(join(root, 'shop.test.ts'), CODE);
  await writeFile(join(root, 'shop.d.ts'), CODE);
  await writeFile(join(root, '.hidden.ts'), CODE);
  await writeFile(join(root, 'checkout', 'node_modules', 'other.ts'), CODE);
  expect(await paths()).toEqual(['checkout/pay.mjs', 'shop.ts']);
});

test('follows symbolic links inside of the directory only', async () => {
  await symlink(join(root, 'shop.ts'), join(root, 'linked.ts'));
  await symlink(join(place, 'outside.ts'), join(root, 'evil.ts'));
  await symlink(place, join(root, 'up'));
  expect(await paths()).toEqual(['checkout/pay.mjs', 'linked.ts', 'shop.ts']);
  const directory = new ScenarioDirectory(root);
  const outside = ['evil.ts', '../outside.ts', 'up/outside.ts', join(place, 'outside.ts')];
  for (const path of [...outside, 'checkout/../../outside.ts', '', '.', 'shop.ts\0'])
    await expect(directory.get(path)).rejects.toMatchObject({ code: 'scenario-unknown' });
  expect(await directory.get('linked.ts')).toMatchObject({ path: 'linked.ts' });
});

test('looks at a file again once it has changed', async () => {
  const directory = new ScenarioDirectory(root);
  const before = await directory.get('shop.ts');
  await writeFile(join(root, 'shop.ts'), 'export const items = 3;\n');
  await utimes(join(root, 'shop.ts'), new Date(), new Date(Date.parse(before.changedAt) + 5_000));
  expect((await directory.list()).map(({ path }) => path)).toEqual(['checkout/pay.mjs']);
});

test('names a directory that cannot be read', async () => {
  const missing = join(place, 'missing');
  await expect(new ScenarioDirectory(missing).list()).rejects.toThrow(missing);
});
