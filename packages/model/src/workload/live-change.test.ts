import { describe, expect, test } from '@jest/globals';
import { usersAt } from '../load.js';
import { changeRateNow, changeUsersNow, type LiveChange } from './live-change.js';
import { RateCurve } from './rate-curve.js';
import { rateAt } from './rate-profile.js';
import { usersLoad, type Load, type LoadPart } from './workload.js';

const types = [
  { name: 'shopper', weight: 3 },
  { name: 'browser', weight: 1 },
];
const profile = { fromUsers: 10, stages: [{ durationMs: 60_000, toUsers: 10 }] };
const rate = { fromPerSecond: 20, stages: [{ durationMs: 60_000, toPerSecond: 20 }] };

function part(own: number[], workload: LoadPart['workload'], startMs: number | null = 0): LoadPart {
  return { phase: '', types: own, startMs, workload };
}
const users = (own: number[], startMs?: number): LoadPart => part(own, { kind: 'users', profile }, startMs);
const arrivals = (own: number[], startMs?: number): LoadPart =>
  part(own, { kind: 'arrivals', rate, order: { kind: 'even' } }, startMs);
const fixed = (own: number[]): LoadPart =>
  part(own, { kind: 'fixed', total: 100, users: 5, each: false, limitMs: null });

function loadOf(change: LiveChange): Load {
  if ('load' in change) return change.load;
  throw new Error(change.problem.message);
}

test('users of one type change, and everything else stays', () => {
  const load = { parts: [users([0]), users([1])] };
  const changed = loadOf(changeUsersNow(load, types, 30_000, { users: 50, user: 'browser' }));
  expect(changed.parts[0]).toBe(load.parts[0]);
  const { workload } = changed.parts[1]!;
  const at = (ms: number): number => (workload.kind === 'users' ? usersAt(workload.profile, ms) : -1);
  expect([0, 29_999, 30_000, 59_999, 60_000].map(at)).toEqual([10, 10, 50, 50, 0]);
});

test('a rate changes from the announced time on, and keeps its past and its end', () => {
  const load = { parts: [users([0]), arrivals([1], 10_000)] };
  const change = { perSecond: 50, overMs: 2_000, user: 'browser', fromMs: 31_000 };
  const changed = loadOf(changeRateNow(load, types, 30_000, change));
  const { workload } = changed.parts[1]!;
  if (workload.kind !== 'arrivals') throw new Error('another kind');
  // Part time is 10 s less than run time.
  expect([20_999, 22_000, 23_000, 59_999, 60_000].map((ms) => rateAt(workload.rate, ms))).toEqual([
    20, 35, 50, 50, 0,
  ]);
  const [before, after] = [new RateCurve(rate), new RateCurve(workload.rate)];
  expect(after.dueBefore(21_000)).toBe(before.dueBefore(21_000));
});

test('without a user type, the only part of that kind is meant', () => {
  const load = { parts: [users([0]), arrivals([1])] };
  expect(loadOf(changeUsersNow(load, types, 0, { users: 1 })).parts[1]).toBe(load.parts[1]);
  const faster = { perSecond: 1, overMs: 0, fromMs: 1_000 };
  expect(loadOf(changeRateNow(load, types, 0, faster)).parts[0]).toBe(load.parts[0]);
  expect(loadOf(changeUsersNow(usersLoad(profile, types), types, 5, { users: 3 })).parts).toHaveLength(1);
});

describe('a change that does not fit is refused:', () => {
  const all = usersLoad(profile, types);
  test.each<[string, Load, string | undefined, RegExp]>([
    ['an unknown type', all, 'shoper', /no user type 'shoper'.*Did you mean 'shopper'/],
    ['a type that shares a load', all, 'shopper', /no load of its own: shopper and browser share/],
    ['several parts', { parts: [users([0]), users([1])] }, undefined, /2 parts.*shopper, browser/],
    ['a rate', { parts: [arrivals([0, 1])] }, undefined, /a rate, not a number of users/],
    ['a type with a rate', { parts: [arrivals([0]), users([1])] }, 'shopper', /'shopper' has a rate/],
    ['a fixed number', { parts: [fixed([0])] }, undefined, /a fixed number of iterations/],
    ['a part that is not running', { parts: [users([0], 20_000)] }, undefined, /nothing to change/],
  ])('%s', (_, load, user, words) => {
    const change = changeUsersNow(load, types, 10_000, { users: 5, ...(user !== undefined && { user }) });
    if (!('problem' in change)) throw new Error('it was accepted');
    expect(`${change.problem.message}. ${change.problem.hint}`).toMatch(words);
  });
});
