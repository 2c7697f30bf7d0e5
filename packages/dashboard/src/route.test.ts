import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRoute, writeRoute, type Route } from './route-text.js';

describe('the fragment of the URL', () => {
  test.each([
    ['', { page: 'run', run: 'current', tab: 'overview', query: {} }],
    ['#/', { page: 'run', run: 'current', tab: 'overview', query: {} }],
    [
      '#/run/3f2a9c01/series?filter=p95%3E300',
      { run: '3f2a9c01', tab: 'series', query: { filter: 'p95>300' } },
    ],
    ['#/runs?search=main', { page: 'runs', query: { search: 'main' } }],
    ['#/nonsense/%E0%A4%A', { page: 'run', tab: 'overview' }],
  ])('%s is read', (hash, expected) => {
    expect(readRoute(hash)).toMatchObject(expected);
  });

  test('returns every view that was written', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' });
    const view: fc.Arbitrary<Route> = fc.record({
      page: fc.constant('run' as const),
      run: text,
      tab: text,
      query: fc.dictionary(
        text.filter((name) => name !== '__proto__'),
        text,
      ),
    });
    fc.assert(fc.property(view, (route) => expect(readRoute(writeRoute(route))).toEqual(route)));
  });
});
