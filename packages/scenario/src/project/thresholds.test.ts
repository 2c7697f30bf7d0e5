import { expect, test } from '@jest/globals';
import type { PlanProblem } from '@drumline/model';
import { thresholdsOf } from './thresholds.js';

const USERS = ['shopper', 'admin'];

function problemsOf(given: unknown, written: string[] = [], abortOn: string[] = []): string[] {
  const problems: PlanProblem[] = [];
  thresholdsOf(given, { thresholds: written, abortOn }, USERS, problems);
  return problems.map(({ where, message, hint }) => `${where}: ${message}${hint ? ` (${hint})` : ''}`);
}

test('thresholds of the scenario come before those of the command line', () => {
  const problems: PlanProblem[] = [];
  const given = [
    'p99 < 300ms',
    { of: 'POST /orders', is: 'p95 < 200ms over 10s', abort: { after: '30s' } },
    { of: { user: 'shopper', phase: 'peak', tags: { tier: 'gold' } }, is: 'p99.9 < 1s', abort: true },
    { check: 'ok', tags: { tier: 'gold' }, is: 'passes > 99%' },
    { metric: 'orders', phase: 'peak', is: 'count > 5' },
    { metric: 'orders', is: 'count >= 1000', abort: false },
  ];
  const overrides = { thresholds: ['user admin: mean < 1s'], abortOn: ['error rate > 10%'] };
  expect(thresholdsOf(given, overrides, USERS, problems)).toMatchObject([
    { expression: 'p99 < 300ms', subject: { kind: 'requests' } },
    { subject: { kind: 'requests', request: 'POST /orders' }, windowSeconds: 10, abort: { afterMs: 30_000 } },
    {
      subject: {
        kind: 'requests',
        user: 'shopper',
        tags: [
          ['phase', 'peak'],
          ['tier', 'gold'],
        ],
      },
      abort: { afterMs: 0 },
    },
    { subject: { kind: 'check', name: 'ok', tags: [['tier', 'gold']] }, unit: 'share' },
    { subject: { kind: 'metric', name: 'orders', tags: [['phase', 'peak']] }, limit: 5 },
    { subject: { kind: 'metric', name: 'orders' }, limit: 1_000 },
    { subject: { kind: 'requests', user: 'admin' }, statistic: 'mean' },
    { expression: 'error rate <= 10%', abort: { afterMs: 0 } },
  ]);
  expect(problems).toEqual([]);
});

test('every mistake is reported with its place and a hint', () => {
  expect(
    problemsOf(
      [
        'p99 < 300',
        { of: 'GET /', si: 'p99 < 1s' },
        { of: { usr: 'shopper' }, is: 'p99 < 1s' },
        { of: { user: 'shoper' }, is: 'p99 < 1s' },
        { check: 'ok', metric: 'orders', is: 'passes > 1%' },
        { check: 'ok', is: 'p99 < 1s' },
        { of: 'GET /', is: 'checks > 1%' },
        { of: 'GET /', is: 'p99 < 1s', abort: { afer: '3s' } },
        { of: 'GET /', is: 'p99 < 1s', abort: 'yes' },
        { metric: '', is: 'count > 1' },
        7,
      ],
      ['user amin: p99 < 1s'],
    ),
  ).toEqual([
    'thresholds[0]: the limit 300 has no unit (write p99 < 300ms)',
    'thresholds[1].si: is not an option (did you mean is?)',
    "thresholds[1].is: there is no condition (is: 'p99 < 300ms')",
    'thresholds[2].of.usr: is not an option (did you mean user?)',
    "thresholds[3].of.user: there is no user type 'shoper' (did you mean shopper?)",
    'thresholds[4]: has both check and metric (use one of them)',
    'thresholds[4].metric: is not an option (known options: check, phase, tags, is, abort)',
    expect.stringMatching(/^thresholds\[5\]\.is: 'p99' is a statistic of requests, not of a check/),
    expect.stringMatching(/^thresholds\[6\]\.is: 'checks > 1%': checks do not belong to a request/),
    'thresholds[7].abort.afer: is not an option (did you mean after?)',
    "thresholds[7].abort.after: is missing (abort: true, or abort: { after: '30s' })",
    "thresholds[8].abort: is neither true nor an object (abort: true, or abort: { after: '30s' })",
    'thresholds[9].metric: is not a name',
    "thresholds[10]: is not a threshold ('p99 < 300ms', or { of: 'GET /', is: 'p99 < 300ms' })",
    "--threshold: there is no user type 'amin' (did you mean admin?)",
  ]);
  expect(problemsOf('p99 < 300ms')).toEqual(["thresholds: is not a list (thresholds: ['p99 < 300ms'])"]);
});
