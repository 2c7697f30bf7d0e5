import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { matchingFiles } from './matching-files.js';

const FILES = [
  'b.jpg',
  'a.jpg',
  'c.png',
  '.hidden.jpg',
  'a+b.txt',
  'sub/d.jpg',
  'sub/deep/e.jpg',
  '.git/f.jpg',
];
const folder = mkdtempSync(join(tmpdir(), 'drumline-test-'));
for (const path of FILES) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), path);
}
mkdirSync(join(folder, 'folder.jpg'));
symlinkSync(join(folder, 'nowhere'), join(folder, 'broken.jpg'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each<[string, string[]]>([
  ['*.jpg', ['a.jpg', 'b.jpg']],
  ['./?.jpg', ['a.jpg', 'b.jpg']],
  ['*.{jpg,png}', ['a.jpg', 'b.jpg', 'c.png']],
  ['{a,c}.*', ['a.jpg', 'c.png']],
  ['**/*.jpg', ['a.jpg', 'b.jpg', 'sub/d.jpg', 'sub/deep/e.jpg']],
  ['sub/**', ['sub/d.jpg', 'sub/deep/e.jpg']],
  ['*/*.jpg', ['sub/d.jpg']],
  ['.*.jpg', ['.hidden.jpg']],
  ['a+b.txt', ['a+b.txt']],
  ['sub/../a.jpg', ['sub/../a.jpg']],
])('the pattern %s matches', (pattern, expected) => {
  expect(matchingFiles(pattern, folder)).toEqual(expected);
});

test('absolute patterns, and patterns of other directories', () => {
  expect(matchingFiles(join(folder, '*.png'), '/')).toEqual([join(folder, 'c.png')]);
  expect(matchingFiles('../*.png', join(folder, 'sub'))).toEqual(['../c.png']);
});

test('a pattern without files is refused', () => {
  expect(() => matchingFiles('*.gif', folder)).toThrow('no file matches *.gif');
  expect(() => matchingFiles('none/*.gif', folder)).toThrow(`there is no directory ${join(folder, 'none')}`);
});
