import { describe, expect, test } from '@jest/globals';
import { DrumlineError, messageOf, stackOf } from './errors.js';
import { EXIT_CODES, type ExitName } from './exit-codes.js';

describe('the catalogue of exit codes', () => {
  test('contains each code once', () => {
    const codes = Object.values(EXIT_CODES).map(({ exitCode }) => exitCode);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test('has codes that a shell can distinguish, and 0 only for success', () => {
    for (const [name, { exitCode }] of Object.entries(EXIT_CODES)) {
      expect(Number.isInteger(exitCode) && exitCode <= 255).toBe(true);
      expect(exitCode === 0).toBe(name === 'passed');
    }
  });

  test('explains each code in a sentence', () => {
    for (const { meaning } of Object.values(EXIT_CODES)) expect(meaning).toMatch(/^[A-Z].*\.$/);
  });

  test('gives the exit code of an error', () => {
    for (const name of Object.keys(EXIT_CODES) as ExitName[]) {
      expect(new DrumlineError(name, 'x').exitCode).toBe(EXIT_CODES[name].exitCode);
    }
  });
});

describe('the message of something thrown', () => {
  test.each([
    [new Error('broken'), 'broken'],
    ['just a text', 'just a text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [new TypeError(''), 'TypeError'],
    [{ message: 42 }, '42'],
    [{ code: 7 }, '{"code":7}'],
    [[1, 2], '1,2'],
    [new Date(Number.NaN), 'Invalid Date'],
    [Symbol('s'), 'Symbol(s)'],
    [10n, '10'],
    [Object.assign(Object.create(null) as object, { code: 7 }), '{"code":7}'],
    [Object.assign(new Error(''), { name: '' }), 'an error without a message'],
    [cyclic(), 'an object with the keys self, code'],
    [throwing('message'), 'something was thrown that cannot be described'],
    [throwing('toString'), 'something was thrown that cannot be described'],
    [{ message: Object.create(null) as unknown }, 'something was thrown that cannot be described'],
  ])('%p is %p', (thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
  });

  test('replaces a missing stack', () => {
    expect(stackOf('just a text')).toBe('just a text');
    expect(stackOf({ message: 'm', stack: 5 })).toBe('m');
    expect(stackOf(new Error('with one'))).toContain('errors.test');
    expect(stackOf(throwing('stack'))).toBe('{}');
  });
});

function cyclic(): object {
  const value: Record<string, unknown> = {};
  return Object.assign(value, { self: value, code: 7 });
}

function throwing(key: string): object {
  return Object.defineProperty({}, key, {
    get() {
      throw new Error('not to be read');
    },
  });
}
