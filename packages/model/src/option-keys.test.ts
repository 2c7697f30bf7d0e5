import { describe, expect, test } from '@jest/globals';
import {
  findUnknownKeys,
  hasUnknownKey,
  optionKeys,
  requireKnownKeys,
  unknownOptions,
} from './option-keys.js';

const KEYS = optionKeys<{ name?: string; timeout?: number; json?: unknown }>({
  name: true,
  timeout: true,
  json: true,
});

describe('keys of options', () => {
  test.each([
    [{}, []],
    [{ name: 'a', timeout: undefined }, []],
    [{ naem: 'a' }, ['naem']],
    [{ timeOut: 5, name: 'a', sku: 1 }, ['timeOut', 'sku']],
    [{ constructor: 1, toString: 2 }, ['constructor', 'toString']],
    [JSON.parse('{"__proto__": 1}') as object, ['__proto__']],
  ])('that are unknown are found in %j', (given, unknown) => {
    expect(findUnknownKeys(given, KEYS).map(({ key }) => key)).toEqual(unknown);
    expect(hasUnknownKey(given, KEYS)).toBe(unknown.length > 0);
  });

  test.each([null, undefined, 'text', 5, ['name']])('are not checked in %j', (given) => {
    expect(findUnknownKeys(given, KEYS)).toEqual([]);
  });

  test('are refused all at once, with suggestions', () => {
    expect(() => requireKnownKeys({ timeOut: 5, sku: 1 }, KEYS, 'GET /products')).toThrow(
      "GET /products: there is no option 'timeOut' (did you mean timeout?); there is no option 'sku' (known options: name, timeout, json)",
    );
    expect(() => requireKnownKeys({ name: 'a' }, KEYS, 'GET /products')).not.toThrow();
  });

  test.each([
    ['{"a":1}', 'a string'],
    [() => {}, 'a function'],
    [5, 'a number'],
    [[1], 'an array'],
  ])('of something else are refused: %p', (given, what) => {
    expect(hasUnknownKey(given as object, KEYS)).toBe(true);
    expect(unknownOptions(given, KEYS, 'POST /x').message).toBe(
      `POST /x: the options must be an object, not ${what}`,
    );
  });

  test('without options there is nothing to refuse', () => {
    expect(hasUnknownKey(null as unknown as object, KEYS)).toBe(false);
  });
});
