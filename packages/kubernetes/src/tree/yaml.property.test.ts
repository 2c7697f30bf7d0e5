import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { noted, type Node } from './node.js';
import { yamlOf } from './yaml.js';

const awkward = fc.constantFrom(
  'yes',
  'No',
  'null',
  '~',
  '1e3',
  '0x1f',
  '1:30',
  '-',
  '- a',
  'a: b',
  'a #b',
  '# a',
  '{a',
  '*a',
  '&a',
  '!a',
  '',
  ' a',
  'a ',
  'a\n',
  'a\n\n',
  '\na',
  'a\n\tb\n',
  'a\r\nb',
  '1Gi',
  '0.1.0',
  '1.30',
  '\u0085',
  '\u2028',
  '😀',
);
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), awkward);
const scalar = fc.oneof(text, fc.boolean(), fc.constant(null), fc.integer());
const { tree } = fc.letrec<{ tree: Node }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }).filter((items) => !items.some(Array.isArray)),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('tree'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
}));
const document = fc.dictionary(fc.constantFrom('a', 'b', 'metadata'), tree, {
  noNullPrototype: true,
  minKeys: 1,
});

test.each(['1.1', '1.2'] as const)('a YAML %s parser reads what was written', (version) => {
  fc.assert(
    fc.property(document, (written) => {
      expect(parse(yamlOf(written), { version })).toEqual(written);
    }),
  );
});

test('comments change nothing', () => {
  const plain = { a: [{ b: 1, c: ['x'] }], d: { e: 'f' } };
  const comment = 'A sentence. '.repeat(20);
  const commented = {
    a: noted(comment, [noted(comment, { b: noted(comment, 1), c: [noted(comment, 'x')] })]),
    d: { e: 'f' },
  };
  expect(yamlOf(commented)).toContain('  # A sentence.');
  expect(parse(yamlOf(commented))).toEqual(plain);
});
