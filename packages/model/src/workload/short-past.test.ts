import { expect, test } from '@jest/globals';
import {
  changeUsers,
  peakUsers,
  profileDurationMs,
  rampAndHold,
  usersAt,
  type LoadProfile,
} from '../load.js';
import { withShortPast } from './short-past.js';

test('a profile that is changed every second stays short, and its recent users stay the same', () => {
  let whole: LoadProfile = rampAndHold(0);
  let short = whole;
  for (let second = 0; second < 1_000; second += 1) {
    const users = (second * 7) % 50;
    whole = changeUsers(whole, second * 1_000, users);
    short = withShortPast(changeUsers(short, second * 1_000, users), 60);
    for (const ago of [-1, 0, 1, 5])
      expect(usersAt(short, (second - ago) * 1_000)).toBe(usersAt(whole, (second - ago) * 1_000));
    expect(short.stages.length).toBeLessThanOrEqual(124);
    expect(peakUsers(short)).toBe(peakUsers(whole));
  }
});

test('a profile with an end keeps it', () => {
  const limited: LoadProfile = { fromUsers: 0, stages: [{ durationMs: 60_000, toUsers: 0 }] };
  let profile = limited;
  for (let second = 0; second < 50; second += 1)
    profile = withShortPast(changeUsers(profile, second * 1_000, second), 5);
  expect(profileDurationMs(profile)).toBe(60_000);
});
