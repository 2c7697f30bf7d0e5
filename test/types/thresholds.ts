// The types of thresholds. This file must compile and need not run; each marked line must not
// compile.
import { scenario, user } from 'drumline';

const users = [user('visitor', { tasks: { look() {} } })];

scenario({
  users,
  thresholds: [
    'p99 < 300ms',
    'p99<300ms',
    'p(99) < 300ms',
    'p99.99 <= 1.5s',
    'avg < 250us',
    'error rate < 1%',
    'rate >= 950/s over 30s',
    'late < 0.1%',
    'dropped == 0',
    'checks > 99%',
    'count >= 1000',
    'exceptions == 0 over 1m',
    { of: 'POST /orders', is: 'p95 < 200ms over 10s', abort: { after: '30s' } },
    { of: { user: 'shopper', tags: { tier: 'gold' } }, is: 'p99.9 < 1s', abort: true },
    { check: 'status is 200', is: 'passes > 99%' },
    { metric: 'orders', is: 'count >= 1000' },
    { metric: 'basket', tags: { tier: 'gold' }, is: 'p95 < 20' },
    { of: { phase: 'rate' }, is: 'dropped == 0' },
  ],
});
const limit: number = users.length;
scenario({ users, thresholds: [`p99 < ${limit}ms`] });

// @ts-expect-error: the unit is missing
scenario({ users, thresholds: ['p99 < 300'] });
// @ts-expect-error: the unit of a share is missing
scenario({ users, thresholds: ['error rate < 1'] });
// @ts-expect-error: the statistic is misspelt
scenario({ users, thresholds: ['eror rate < 1%'] });
// @ts-expect-error: the unit does not fit the statistic
scenario({ users, thresholds: ['p99 < 1%'] });
// @ts-expect-error: there is no such operator
scenario({ users, thresholds: ['p99 = 300ms'] });
// @ts-expect-error: the window has no unit
scenario({ users, thresholds: ['p99 < 300ms over 10'] });
// @ts-expect-error: checks have no quantiles
scenario({ users, thresholds: [{ check: 'ok', is: 'p99 < 1s' }] });
// @ts-expect-error: requests have no passes
scenario({ users, thresholds: [{ of: 'GET /', is: 'passes > 99%' }] });
// @ts-expect-error: the key is misspelt
scenario({ users, thresholds: [{ of: { usr: 'a' }, is: 'p99 < 1s' }] });
// @ts-expect-error: the condition is missing
scenario({ users, thresholds: [{ of: 'GET /' }] });
