import { describe, expect, test } from '@jest/globals';
import { arrivals } from '../../authoring/load/arrivals.js';
import { findLimit, type FindLimitOptions } from '../../authoring/load/find-limit.js';
import { iterations } from '../../authoring/load/iterations.js';
import { inTurn } from '../../authoring/load/load.js';
import { startWith } from '../../authoring/load/users.js';
import { problemsOf } from '../../../../../test/support/plan-outcome.js';

const SEARCH: FindLimitOptions = {
  from: '50/s',
  to: '500/s',
  step: '+20%',
  hold: '1m',
  while: ['p99 < 300ms'],
};

describe('problems of a load', () => {
  test('are all reported at once, each with its place', async () => {
    const problems = await problemsOf({
      shoper: startWith(1).hold('1m'),
      shopper: inTurn({
        warmUp: startWith(1).hold(),
        idle: arrivals('0/s').hold('1m'),
        short: startWith(1),
        fixed: iterations({ total: 5, users: 10 }),
        later: startWith(2.5).hold('1m').after('5s'),
      }),
    });
    expect(problems).toEqual([
      'load.shoper: is not a user type → did you mean shopper?',
      "load.shopper.warmUp: holds until the run is stopped, so the next phase never starts → set a duration: .hold('5m')",
      'load.shopper.later: .after(…) cannot follow a fixed number of iterations, whose duration is unknown → remove .after(…)',
      "load: the user type 'admin' has no load, so none of its users would run → add for example admin: startWith(1).hold('5m'), or admin: [] to run none",
      'load.shopper.idle: its rate is 0, so no user arrives → use a rate above 0, such as 200/s',
      "load.shopper.short: has no duration → add .hold('5m'), or .hold() to hold until the run is stopped",
      'load.shopper.fixed.total: 5 iterations are fewer than the 10 users, so some would never run → use more iterations or fewer users',
      expect.stringContaining('load.shopper.later: 2.5 is not a number of users'),
      expect.stringContaining('load.shopper.later stage 1: 2.5 is not a number of users'),
      expect.stringContaining('load.shopper.later stage 2: 2.5 is not a number of users'),
    ]);
  });

  test('of a search are all reported at once', async () => {
    const problems = await problemsOf(
      findLimit({
        from: '50' as never,
        to: '0/s',
        step: '20%' as never,
        hold: '1m',
        kind: 'users' as never,
        while: ['p99 < 300', 'p95 < 1s over 10s'] as never,
      }) as never,
    );
    expect(problems).toEqual([
      "load.from: '50' is not a rate: it has no unit; write 50/s for 50 per second → ",
      'load.to: must be more than 0 → ',
      "load.step: '20%' is not a step: use for example '+20%' or '+50/s' → ",
      'load.while[0]: the limit 300 has no unit → write p99 < 300ms',
      "load.while[1]: 'p95 < 1s over 10s' has a window, but a condition is judged over its step → remove 'over …', or change hold",
      "load.kind: 'users' is not a kind of start → use 'arrivals' or 'iterations'",
    ]);
  });

  test.each<[unknown, string]>([
    [findLimit({ ...SEARCH, to: '10/s' }), 'load.to: is lower than from'],
    [findLimit({ ...SEARCH, hold: '1.5s' }), 'load.hold: leaves less than a second to judge'],
    [findLimit({ ...SEARCH, step: '+0.001/s' }), 'load.step: needs more than 1000 steps'],
    [findLimit({ ...SEARCH, refine: 11 }), 'load.refine: 11 is not a number of halvings'],
    [findLimit({ ...SEARCH, refine: 0.5 }), 'load.refine: 0.5 is not a number of halvings'],
    [findLimit({ ...SEARCH, while: [] }), 'load.while: has no conditions'],
    [findLimit({ ...SEARCH, maxUsers: 0.5 }), 'load.maxConcurrent: 0.5 is not a number of users'],
    [[findLimit(SEARCH)], 'load[0]: is findLimit(…), which can only be the whole load'],
    [5, 'load: is not a load → use for example ramp('],
    [null, 'load: is not a load'],
    [[], 'load: is an empty list'],
    [[startWith(1).hold(), [startWith(1).hold()]], 'load[1]: is not a load'],
    [{ shopper: 5, admin: startWith(1).hold() }, 'load.shopper: is not a load'],
    [inTurn({}), 'load: has no phases'],
    [inTurn({ 1: startWith(1).hold('1m') }), 'has a phase without a name, or with a number'],
    [inTurn({ a: inTurn({ b: startWith(1).hold() }) } as never), 'load.a: is inTurn(…) within inTurn(…)'],
    [iterations('5/s', { maxUsers: 1 }).hold('1m'), 'load.maxUsers: 1 user cannot be of 2 user types'],
    [arrivals('5/s', { maxConcurrent: 0.5 }).hold('1m'), 'load.maxConcurrent: 0.5 is not a number of users'],
    [iterations({ perUser: 1.5, users: 2 }), 'load.perUser: 1.5 is not a number of iterations'],
    [iterations({ total: 5, users: 1 }), 'load.users: 1 user cannot be of 2 user types'],
    [iterations({ total: 5, users: 2 }).limit(0), 'load: has a limit of 0'],
    [iterations({ total: 0, users: 2 }), 'load.total: 0 is not a number of iterations'],
    [arrivals('5/s'), "load: has no duration → add .hold('5m')"],
    [arrivals('5/s').hold().hold('1m'), 'load stage 1: holds until the run is stopped'],
    [arrivals('5/s').hold('800h'), 'load stage 1: lasts 800h'],
    [arrivals('5/s').hold('700h').after('100h'), 'load: ends 800h after the start of the run'],
  ])('have a hint: %#', async (load, message) => {
    expect((await problemsOf(load)).join('\n')).toContain(message);
  });

  test('name a number of users that has no effect', async () => {
    const admin = { fixedCount: 2 };
    expect(await problemsOf(arrivals('5/s').hold('1m'), {}, { admin })).toEqual([
      "users[1].fixedCount: is a number of users, but load is a rate, which types share by weight → give each user type a load of its own: load: { admin: startWith(2).hold('10m'), … }",
    ]);
    const own = { shopper: arrivals('5/s').hold('1m'), admin: startWith(2).hold('1m') };
    expect(await problemsOf(own, {}, { admin })).toEqual([
      "users[1].fixedCount: has no effect, because 'admin' has a load of its own → remove it",
    ]);
    expect(await problemsOf(startWith(5).hold('1m'), {}, { admin })).toEqual([]);
  });
});
