import { expect, test } from '@jest/globals';
import { comparableName, parseChangeCondition } from './change-condition.js';

test.each([
  ['p99 > +10%', { statistic: { kind: 'quantile', q: 0.99 }, operator: '>', limit: 0.1, scale: 'ratio' }],
  [
    'p(99.9)>=10 %',
    { statistic: { kind: 'quantile', q: 0.999 }, operator: '>=', limit: 0.1, scale: 'ratio' },
  ],
  ['mean > +0.5s', { statistic: { kind: 'mean' }, limit: 500, scale: 'difference' }],
  ['POST /orders: p95 > +20ms', { series: 'POST /orders', limit: 20, scale: 'difference' }],
  [
    'GET http://a:80/b: rate < -5%',
    { series: 'GET http://a:80/b', operator: '<', limit: -0.05, scale: 'ratio' },
  ],
  ['error rate > +0.5%', { statistic: { kind: 'error-rate' }, limit: 0.005, scale: 'difference' }],
  ['rate < \u221220/s', { statistic: { kind: 'rate' }, limit: -20, scale: 'difference' }],
])('%s is a condition', (text, expected) => {
  expect(parseChangeCondition(text)).toMatchObject({ expression: text, ...expected });
});

test.each([
  ['p99 > 300', 'the limit has no unit. Use % or ms.'],
  ['p99 > +10/s', "'/s' is not a unit of p99"],
  ['errorrate > 1%', "Did you mean 'error rate'?"],
  ['p100 > 1%', "there is no statistic 'p100'"],
  ['slower', "is not a condition on a change. Write for example 'p99 > +10%'"],
  ['p99 == 1%', 'is not a condition on a change'],
])('%s is refused with a hint', (text, message) => {
  expect(() => parseChangeCondition(text)).toThrow(message);
});

test('the name of a statistic is read back', () => {
  for (const name of ['p50', 'p99', 'p99.9', 'p99.99', 'mean', 'rate', 'error rate'])
    expect(comparableName(parseChangeCondition(`${name} > 1%`).statistic)).toBe(name);
});
