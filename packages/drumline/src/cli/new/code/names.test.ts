import { describe, expect, test } from '@jest/globals';
import { Names, Scope } from './names.js';

test('a name is given once', () => {
  const names = new Names();
  expect(['login', 'login', 'delete', 'API', 'API'].map((name) => names.take(name))).toEqual([
    'login',
    'login2',
    'delete',
    'API',
    'API_2',
  ]);
});

describe('a scope', () => {
  test('avoids reserved words and names that the code uses', () => {
    const scope = new Scope();
    expect(['http', 'class', 'await', 'JSON'].map((name) => scope.take(name))).toEqual([
      'http2',
      'class2',
      'await2',
      'JSON_2',
    ]);
  });

  test('makes any text an identifier', () => {
    const scope = new Scope();
    expect(['a-b', '1st', '', 'ü', '$x'].map((name) => scope.take(name))).toEqual([
      'a_b',
      '_1st',
      '_',
      '__2',
      '$x',
    ]);
  });

  test('gives no name that is taken around it or within it', () => {
    const module = new Scope();
    const [one, other] = [module.inner(), module.inner()];
    expect(module.take('TOKEN')).toBe('TOKEN');
    expect(one.take('TOKEN')).toBe('TOKEN_2');
    expect(one.take('cart')).toBe('cart');
    expect(module.take('cart')).toBe('cart2');
    // Functions beside each other may use the same names.
    expect(other.take('cart')).toBe('cart');
  });
});
