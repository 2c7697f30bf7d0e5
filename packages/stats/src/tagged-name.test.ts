import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readTaggedName, tagSuffix } from './tagged-name.js';

const text = fc.string().map((given) => given.replaceAll('\0', ''));

test('a name and its tags are read as they were written, sorted by tag', () => {
  const tags = fc.dictionary(text, text, { minKeys: 1 });
  fc.assert(
    fc.property(text, tags, (name, given) => {
      const read = readTaggedName(name + tagSuffix(given));
      expect(read.name).toBe(name);
      expect(read.tags).toEqual(Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1)));
    }),
  );
});

test('a name without tags stays as it is, and has none', () => {
  expect(readTaggedName('status is 200' + tagSuffix({}))).toEqual({ name: 'status is 200' });
});

test('the order in which tags are given does not matter', () => {
  expect(tagSuffix({ b: '1', a: '2' })).toBe(tagSuffix({ a: '2', b: '1' }));
});

test('a separator in a tag does not make another tag', () => {
  expect(readTaggedName('x' + tagSuffix({ a: '1\0b\0c' })).tags).toEqual([['a', '1 b c']]);
});
