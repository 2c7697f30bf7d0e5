import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { tempProjects } from '../../../../test/support/temp-project.js';
import { ownDependency } from './own-dependency.js';
import { readVersion } from './version.js';

const project = tempProjects();
const version = readVersion();

function record(resolved?: string): string {
  return JSON.stringify({ packages: { 'node_modules/drumline': { version, resolved } } });
}

function installed(files: Record<string, string>): { directory: string; range: string } {
  const directory = project({ 'work/node_modules/drumline/package.json': '{}', ...files });
  return { directory, range: ownDependency(join(directory, 'work/node_modules/drumline')).range };
}

test.each([
  ['from a registry', { 'work/node_modules/.package-lock.json': record('https://registry.example/d.tgz') }],
  ['by an npm that records no addresses', { 'work/node_modules/.package-lock.json': record() }],
  ['by a tool without a record', {}],
  ['from a file that no longer exists', { 'work/node_modules/.package-lock.json': record('file:../d.tgz') }],
  ['by a tool whose record is broken', { 'work/node_modules/.package-lock.json': '{' }],
])('a program installed %s: the dependency is its version', (_, files) => {
  expect(installed(files).range).toBe(`^${version}`);
});

test('a program installed from a tarball: the dependency is that file', () => {
  const files = { 'work/node_modules/.package-lock.json': record('file:../d.tgz'), 'd.tgz': '' };
  const { directory, range } = installed(files);
  expect(range).toBe(`file:${join(directory, 'd.tgz')}`);
});

test('a clone: the dependency is its tarball, with the command that builds it', () => {
  const directory = project({ 'packages/drumline/package.json': '{}' });
  const root = join(directory, 'packages/drumline');
  const tarball = join(directory, `drumline-${version}.tgz`);
  expect(ownDependency(root)).toEqual({
    range: `file:${tarball}`,
    before: `(cd ${directory} && npm run pack)`,
  });
});
