import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { resolveParameter } from './resolve.js';

const given = (value: unknown) => ({ value, where: '--param x' });

test('a number is read from its text exactly, or has a problem: never another number', () => {
  const text = fc.oneof(fc.string(), fc.double({ noNaN: true }).map(String), fc.integer().map(String));
  fc.assert(
    fc.property(text, fc.integer({ min: -100, max: 100 }), fc.nat(100), (value, min, range) => {
      const spec = { kind: 'number', min, max: min + range } as const;
      const read = resolveParameter('x', spec, given(value), undefined);
      const number = value.trim() === '' ? Number.NaN : Number(value);
      const isValid = Number.isFinite(number) && number >= min && number <= min + range;
      expect(read.problems.length).toBe(isValid ? 0 : 1);
      expect(read.value).toBe(isValid ? number : undefined);
    }),
  );
});

test('text stays as it is, including blanks and signs of equality', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      expect(resolveParameter('x', {}, given(value), 'variable').value).toBe(value);
    }),
  );
});

test('any declaration and any value give a value or problems, and never throw', () => {
  const some = fc.option(fc.jsonValue() as fc.Arbitrary<never>, { nil: undefined });
  const spec = fc.record(
    { kind: some, default: some, choices: some, min: some, max: some, secret: some, env: some },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.string(), spec, fc.jsonValue(), (name, declared, value) => {
      const read = resolveParameter(name, declared, given(value), undefined);
      if (read.problems.length === 0) expect(read.value).toBeDefined();
    }),
  );
});
