// Each test that docs/behaviors.md names exists.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

test('the tests of behaviors of other tools exist', () => {
  const page = readFileSync(`${ROOT}docs/behaviors.md`, 'utf8');
  const named = [...page.matchAll(/`([\w/.-]+\.test\.ts)` "([^"]+)"/g)].map(([, file, name]) => ({
    file,
    name,
  }));
  expect(named.length).toBeGreaterThan(50);
  const missing = named.filter(({ file, name }) => {
    const path = file!.startsWith('test/') ? file! : file!.replace(/^(\w+)\//, 'packages/$1/src/');
    return !readFileSync(ROOT + path, 'utf8').includes(name!);
  });
  expect(missing).toEqual([]);
});
