import { describe, expect, test } from '@jest/globals';
import { Names, Scope } from './names.js';

test('names are unique', () => {
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
  test('avoids reserved words and names that generated code uses', () => {
    const scope = new Scope();
    expect(['http', 'class', 'await', 'JSON'].map((name) => scope.take(name))).toEqual([
      'http2',
      'class2',
      'await2',
      'JSON_2',
    ]);
  });

  test('turns any text into an identifier', () => {
    const scope = new Scope();
    expect(['a-b', '1st', '', 'ü', '$x'].map((name) => scope.take(name))).toEqual([
      'a_b',
      '_1st',
      '_',
      '__2',
      '$x',
    ]);
  });

  test('avoids the names of outer and inner scopes', () => {
    const module = new Scope();
    const [one, other] = [module.inner(), module.inner()];
    expect(module.take('TOKEN')).toBe('TOKEN');
    expect(one.take('TOKEN')).toBe('TOKEN_2');
    expect(one.take('cart')).toBe('cart');
    expect(module.take('cart')).toBe('cart2');
    // Sibling scopes may use the same names.
    expect(other.take('cart')).toBe('cart');
  });
});
