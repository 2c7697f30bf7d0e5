import { expect, test } from '@jest/globals';
import { usersLoad, type Load } from '@drumline/model';
import { Totals } from '@drumline/stats';
import { measuredSomething, whyNothing } from './idleness.js';

const loadOf = (toUsers: number): Load =>
  usersLoad({ fromUsers: 0, stages: [{ durationMs: 10_000, toUsers }] }, []);
const load = loadOf(5);
const none = loadOf(0);
const run = { plan: { load }, users: [0, 3, 5], elapsedMs: 10_000, fromSecond: 0 };

function cutOff(requests: number) {
  const snapshot = new Totals().snapshot();
  return { ...snapshot, totals: { ...snapshot.totals, requests, interrupted: requests } };
}

test.each([
  ['the load profile has no users', 0, { ...run, plan: { load: none } }],
  ['no user ran in 10s', 0, { ...run, users: [] }],
  ['up to 5 users ran for 10s, but none finished a request', 0, run],
  ['after the statistics were reset at 8s', 0, { ...run, fromSecond: 8 }],
  ['all 4 requests were still in flight', 4, run],
])('explains that %s', (words, requests, idle) => {
  expect(whyNothing(cutOff(requests), idle)).toContain(words);
});

test('a check, a metric or an exception counts as measured, an interrupted request does not', () => {
  const totals = new Totals();
  const empty = { second: 0, series: [], checks: [], metrics: [], exceptions: [] };
  expect(measuredSomething(totals.snapshot())).toBe(false);
  totals.add({ ...empty, checks: [{ name: 'ok', passes: 1, fails: 0 }] });
  expect(measuredSomething(totals.snapshot())).toBe(true);
});
