import { describe, expect, test } from '@jest/globals';
import { describeMargin, describeSubject, formatThresholdValue } from './describe.js';
import { parseCondition, ThresholdProblem } from './parse.js';
import type { SubjectKind } from './statistics.js';
import { isLowerBound, marginOf, meets, quantileOf } from './threshold.js';
import { parseAbortCondition, parseWrittenThreshold } from './written.js';

function problemOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof ThresholdProblem) return `${error.message} → ${error.hint}`;
    throw error;
  }
  return 'none';
}

describe('an expression', () => {
  test.each([
    ['p99 < 300ms', { statistic: 'p99', operator: '<', limit: 300, unit: 'ms' }],
    ['p(99)<300ms', { statistic: 'p99', operator: '<', limit: 300, unit: 'ms' }],
    ['p99.99 <= 1.5s', { statistic: 'p99.99', operator: '<=', limit: 1_500, unit: 'ms' }],
    ['p 90 < 250us', { statistic: 'p90', operator: '<', limit: 0.25, unit: 'ms' }],
    ['avg < 1m', { statistic: 'mean', operator: '<', limit: 60_000, unit: 'ms' }],
    ['MED<2s', { statistic: 'p50', operator: '<', limit: 2_000, unit: 'ms' }],
    ['error rate < 0.7%', { statistic: 'error rate', operator: '<', limit: 0.007, unit: 'share' }],
    [
      'rate >= 950/s over 30s',
      { statistic: 'rate', operator: '>=', limit: 950, unit: 'per-second', windowSeconds: 30 },
    ],
    ['rate >= 1200/m', { statistic: 'rate', operator: '>=', limit: 20, unit: 'per-second' }],
    ['dropped == 0', { statistic: 'dropped', operator: '==', limit: 0, unit: 'count' }],
    ['late < 0.1%', { statistic: 'late', operator: '<', limit: 0.001, unit: 'share' }],
    ['checks > 99%', { statistic: 'checks', operator: '>', limit: 0.99, unit: 'share' }],
    ['count>=1000', { statistic: 'count', operator: '>=', limit: 1_000, unit: 'count' }],
    [
      'exceptions == 0 over 1m',
      { statistic: 'exceptions', operator: '==', limit: 0, unit: 'count', windowSeconds: 60 },
    ],
  ])('%s', (text, expected) => {
    expect(parseCondition(text)).toEqual({ expression: text, ...expected });
  });

  test.each<[SubjectKind, string, object]>([
    ['check', 'passes > 99%', { statistic: 'passes', limit: 0.99, unit: 'share' }],
    ['check', 'fails == 0', { statistic: 'fails', limit: 0, unit: 'count' }],
    ['metric', 'count >= 1000', { statistic: 'count', limit: 1_000, unit: 'count' }],
    ['metric', 'rate > 95%', { statistic: 'rate', limit: 0.95, unit: 'share' }],
    ['metric', 'rate > 5/s', { statistic: 'rate', limit: 5, unit: 'per-second' }],
    ['metric', 'p95 < 200', { statistic: 'p95', limit: 200, unit: 'value' }],
    ['metric', 'p95 < 2s', { statistic: 'p95', limit: 2_000, unit: 'ms' }],
    ['metric', 'last > -5', { statistic: 'last', limit: -5, unit: 'value' }],
  ])('on a %s: %s', (kind, text, expected) => {
    expect(parseCondition(text, kind)).toMatchObject(expected);
  });

  test.each([
    ['p99', "'p99' compares nothing → write for example p99 < 300ms"],
    ['p99 < 300', 'the limit 300 has no unit → write p99 < 300ms'],
    ['p(95)<200', 'the limit 200 has no unit → write p95 < 200ms'],
    ['p99 = 300ms', "'p99 = 300ms' has the operator = → write =="],
    ['p99 =< 300ms', "'p99 =< 300ms' has the operator =< → write <="],
    ['p99 != 300ms', "'p99 != 300ms' has the operator != → write <, <=, >, >= or =="],
    ['p99 <', 'the limit is missing → write for example p99 < 300ms'],
    ['< 300ms', 'the statistic is missing → statistics of requests are p50, p95, p99'],
    ['eror rate < 1%', "there is no statistic 'eror rate' → did you mean error rate?"],
    ['meen < 1s', "there is no statistic 'meen' → did you mean mean?"],
    ['p100 < 1s', "there is no statistic 'p100' → statistics of requests are p50"],
    ['p0 < 1s', "there is no statistic 'p0'"],
    ['passes > 99%', "'passes' is a statistic of a check, not of requests"],
    ['rate < 0.01', 'for the share of failures, write error rate < 1%'],
    ['rate > 100', 'the limit 100 has no unit → write rate > 100/s'],
    ['error rate < 0.01', 'the limit 0.01 has no unit → write error rate < 1%'],
    ['error rate < 1', 'the limit 1 has no unit → write error rate < 1%'],
    ['p99 < 300%', 'p99 cannot be compared with 300% → write for example p99 < 300ms'],
    ['p99 < 300 millis', "'millis' is not a unit → write for example p99 < 300ms"],
    ['dropped == 5ms', 'dropped cannot be compared with 5ms → write for example dropped == 1% or 100'],
    ['p99 < -3ms', 'the limit -3ms is negative'],
    ['p99 < fast', "'fast' is not a limit → write for example p99 < 300ms"],
    ['p99 < 300ms over 10', 'the window: '],
    [
      'p99 < 300ms over 500ms',
      'a window of 500ms is not possible → write for example over 10s; whole seconds, at most 1h',
    ],
    ['p99 < 300ms over 2h', 'a window of 2h is not possible'],
  ])('that is invalid: %s', (text, expected) => {
    expect(problemOf(() => parseCondition(text))).toContain(expected);
  });
});

describe('a threshold on the command line', () => {
  test.each([
    ['p99 < 300ms', { kind: 'requests' }, ''],
    ['POST /orders: p95 < 200ms', { kind: 'requests', request: 'POST /orders' }, 'POST /orders'],
    [
      'GET http://[::1]:80/a: p95 < 2s',
      { kind: 'requests', request: 'GET http://[::1]:80/a' },
      'GET http://[::1]:80/a',
    ],
    ['user shopper: mean < 1s', { kind: 'requests', user: 'shopper' }, 'user shopper'],
    ['phase peak: dropped == 0', { kind: 'requests', tags: [['phase', 'peak']] }, 'phase peak'],
    ['tag tier=gold: p95 < 1s', { kind: 'requests', tags: [['tier', 'gold']] }, 'tier=gold'],
    ['check status is 200: passes > 99%', { kind: 'check', name: 'status is 200' }, 'check status is 200'],
    ['metric orders: count >= 5', { kind: 'metric', name: 'orders' }, 'metric orders'],
  ])('%s', (text, subject, label) => {
    const threshold = parseWrittenThreshold(text);
    expect(threshold.subject).toEqual(subject);
    expect(describeSubject(threshold.subject)).toBe(label);
  });

  test.each([
    ['POST /orders: checks > 99%', "checks do not belong to a request → write { check: 'NAME'"],
    ['POST /orders: exceptions == 0', 'exceptions are counted by user type only'],
    ['POST /orders: dropped == 0', 'dropped is counted by user type and phase only'],
    ['tag tier=gold: late < 1%', 'late is counted by user type and phase only'],
    ['tag tier: p99 < 1s', "'tag tier' names no value → write tag NAME=VALUE"],
    ['check ok: p99 < 1s', "'p99' is a statistic of requests, not of a check"],
    ['metric carts: passes > 1%', "'passes' is a statistic of a check, not of a metric"],
  ])('that is invalid: %s', (text, expected) => {
    expect(problemOf(() => parseWrittenThreshold(text))).toContain(expected);
  });

  test('that ends the run states the opposite condition', () => {
    expect(parseAbortCondition('POST /orders: error rate > 10% over 10s')).toEqual({
      expression: 'error rate <= 10% over 10s',
      statistic: 'error rate',
      operator: '<=',
      limit: 0.1,
      unit: 'share',
      windowSeconds: 10,
      subject: { kind: 'requests', request: 'POST /orders' },
      abort: { afterMs: 0 },
    });
    expect(problemOf(() => parseAbortCondition('failures == 1'))).toContain('has the operator ==');
  });
});

test('figures are compared as written', () => {
  expect(meets(parseCondition('error rate <= 0.7%'), 7 / 1_000)).toBe(true);
  expect(meets(parseCondition('error rate < 1%'), 3 / 300)).toBe(false);
  expect(meets(parseCondition('dropped == 0'), 0)).toBe(true);
  expect(quantileOf('p99.9')).toBe(0.999);
  expect(quantileOf('mean')).toBeUndefined();
});

test('margins are positive on the good side of the limit', () => {
  const upper = parseCondition('p99 < 300ms');
  const lower = parseCondition('rate >= 950/s');
  expect([marginOf(upper, 270), marginOf(upper, 330), marginOf(lower, 1_045)]).toEqual([0.1, -0.1, 0.1]);
  expect(marginOf(parseCondition('dropped < 0%'), 1)).toBeUndefined();
  expect([describeMargin(0.1, isLowerBound(upper)), describeMargin(-0.1, isLowerBound(upper))]).toEqual([
    '10% below',
    '10% above',
  ]);
  expect([describeMargin(0.1, true), describeMargin(-0.004, true), describeMargin(0, true)]).toEqual([
    '10% above',
    '0.4% below',
    'at the limit',
  ]);
  // Only 0 is all of it below.
  const near = [0.9984, 0.9995, 1, 0.994].map((margin) => describeMargin(margin, false));
  expect(near).toEqual(['99.8% below', '>99.9% below', '100% below', '99% below']);
  expect([describeMargin(-0.9984, false), describeMargin(0.9984, false, ' %')]).toEqual([
    '100% above',
    '99.8 % below',
  ]);
});

test.each([
  [0.25, 'ms', '250us'],
  [287.31, 'ms', '287.3ms'],
  [12_345, 'ms', '12.35s'],
  [0.00041, 'share', '0.041%'],
  [953.26, 'per-second', '953.3/s'],
  [1_234_567, 'count', '1,234,567'],
  [3, 'value', '3'],
] as const)('%d %s is shown as %s', (value, unit, expected) => {
  expect(formatThresholdValue(value, unit)).toBe(expected);
});
