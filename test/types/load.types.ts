// The types of loads. This file must compile and need not run; each marked line must not compile.
import {
  arrivals,
  findLimit,
  inTurn,
  iterations,
  ramp,
  replay,
  scenario,
  shape,
  startWith,
  user,
  type FixedLoad,
  type RateLoad,
} from 'drumline';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only for the type `true`. */
function is<_T extends true>(): void {}

const shopper = user('shopper', () => ({ cart: [] as number[] }), { tasks: { t() {} } });
const visitor = user('visitor', { tasks: { t() {} } });

// Numbers of users.
ramp({ to: 5, over: '1m' }).hold('2m').ramp({ to: 0, over: 0 });
startWith(5).hold();
// @ts-expect-error: the duration is missing
ramp({ to: 5 });
// @ts-expect-error: not a duration
startWith(5).hold('long');
startWith(5).hold('1m').jump(10).spike({ to: 50, hold: '10s' }).steps({ to: 100, times: 5, each: '1m' });
// @ts-expect-error: a number of users is not a rate
startWith(5).jump('10/s');

// Rates have a unit.
is<Equal<ReturnType<typeof arrivals>, RateLoad>>();
arrivals('200/s').hold('10m').random().after('2m').ramp({ to: '0.5/s', over: '1m' });
arrivals({ from: '10/m', to: '1000/h', over: '5m' }, { maxConcurrent: 5 }).random({ seed: 7 });
arrivals({ count: 1_000, over: '5m' });
iterations('3/20s', { maxUsers: 300 }).hold('10m');
const work = iterations({ total: 1_000, users: 20 }).limit('2m').after(0);
is<Equal<typeof work, FixedLoad>>();
iterations({ perUser: 20, users: 5 });
// @ts-expect-error: the unit is missing
arrivals('200');
// @ts-expect-error: the unit is missing
arrivals(200);
// @ts-expect-error: unknown unit
arrivals('200/day');
// @ts-expect-error: the unit is missing
iterations('200/s').jump('300');
// @ts-expect-error: the number of users is missing
iterations({ total: 1_000 });
// @ts-expect-error: either in total or per user
iterations({ total: 1_000, perUser: 5, users: 20, usres: 1 });
// @ts-expect-error: arrivals limit users by maxConcurrent
arrivals('200/s', { maxUsers: 300 });
// @ts-expect-error: a fixed number of iterations is not held
iterations({ total: 1_000, users: 20 }).hold('1m');

// A replayed file.
replay('./log.csv', { time: 'at', user: 'who', unit: 'ms', speed: 0.5, spread: '1s', maxUsers: 5 }).after(
  '1m',
);
scenario({ users: [shopper], load: inTurn({ warmUp: startWith(1).hold('1m'), log: replay('./log') }) });
// @ts-expect-error: the file decides how long it lasts
replay('./log').hold('1m');
// @ts-expect-error: not a kind of start
replay('./log', { kind: 'users' });
// @ts-expect-error: unknown unit
replay('./log', { unit: 'us' });

// Loads by user type, side by side and in turn. The names are those of the user types.
scenario({
  users: [shopper, visitor],
  load: { shopper: arrivals('50/s').hold('10m'), visitor: [startWith(3).hold('10m').after('2m')] },
});
scenario({ users: [shopper, visitor], load: [arrivals('50/s').hold('1m'), startWith(3).hold('1m')] });
scenario({
  users: [shopper, visitor],
  load: inTurn({
    warmUp: ramp({ to: 20, over: '30s' }),
    rate: [iterations('200/s').hold('5m'), arrivals('5/s').hold('5m')],
    fixed: { shopper: iterations({ total: 500, users: 20 }) },
  }).after('1m'),
});
scenario({
  users: [shopper, visitor],
  load: { shopper: inTurn({ a: startWith(1).hold('1m'), b: startWith(2).hold('1m') }), visitor: [] },
});
scenario({
  users: [shopper, visitor],
  // @ts-expect-error: a misspelt user type
  load: { shoper: arrivals('50/s').hold('10m') },
});
scenario({
  users: [shopper, visitor],
  // @ts-expect-error: a misspelt user type in a phase
  load: inTurn({ warmUp: { shoper: startWith(3).hold('1m') } }),
});
scenario({
  users: [shopper, visitor],
  // @ts-expect-error: a load by user type within one of a user type
  load: { shopper: inTurn({ warmUp: { visitor: startWith(3).hold('1m') } }) },
});
// @ts-expect-error: a phase is a load
inTurn({ warmUp: 50 });
// The names of user types that a program computes are not known.
const computed = ['a', 'b'].map((name) => user(name, { tasks: { t() {} } }));
scenario({ users: computed, load: { a: startWith(1).hold() } });

const search = { from: '50/s', to: '500/s', step: '+20%', hold: '1m', while: ['p99 < 300ms'] } as const;
scenario({
  users: [shopper],
  load: findLimit({ ...search, step: '+50/s', maxUsers: 10, kind: 'iterations' }),
});
// @ts-expect-error: a step has a sign
findLimit({ ...search, step: '20%' });
// @ts-expect-error: a condition has a unit
findLimit({ ...search, while: ['p99 < 300'] });
// @ts-expect-error: a search is not a phase
inTurn({ find: findLimit(search) });
scenario({
  users: [shopper, visitor],
  load: shape(({ elapsedMs, users }) => (elapsedMs > 1_000 ? null : users + 1)),
});
scenario({ users: [shopper, visitor], load: shape(() => ({ shopper: 5 })) });
scenario({
  users: [shopper, visitor],
  // @ts-expect-error: a misspelt user type
  load: shape(() => ({ shoper: 5 })),
});
// @ts-expect-error: a shape returns numbers
shape(() => '5');
