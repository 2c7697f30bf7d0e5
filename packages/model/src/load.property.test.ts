import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  changeUsers,
  limitRunTime,
  mostUsersBetween,
  nextChangeAt,
  peakUsers,
  profileDurationMs,
  rampAndHold,
  usersAt,
  type LoadProfile,
  type LoadStage,
} from './load.js';

const userCount = fc.oneof(fc.nat(12), fc.nat(5_000));
const duration = fc.oneof(
  fc.constant(0),
  fc.nat(100_000),
  fc.double({ min: 0.01, max: 1e8, noNaN: true }),
  fc.integer({ min: 1, max: 7 }).map((n) => 10_000 / n),
);
const stage = fc.record({ durationMs: duration, toUsers: userCount });
const openEnd = fc.record({ durationMs: fc.constant(null), toUsers: userCount });

/** Limited and unlimited profiles. */
const profile: fc.Arbitrary<LoadProfile> = fc
  .tuple(userCount, fc.array(stage, { maxLength: 5 }), fc.option(openEnd))
  .map(([fromUsers, stages, last]) => ({ fromUsers, stages: last === null ? stages : [...stages, last] }));
const endingProfile: fc.Arbitrary<LoadProfile> = fc.record({
  fromUsers: userCount,
  stages: fc.array(stage, { minLength: 1, maxLength: 5 }),
});
const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Each stage with its start. */
function laidOut({ fromUsers, stages }: LoadProfile): (LoadStage & { startMs: number; from: number })[] {
  let [startMs, from] = [0, fromUsers];
  return stages.map((one) => {
    const laid = { ...one, startMs, from };
    startMs += one.durationMs ?? 0;
    from = one.toUsers;
    return laid;
  });
}

/** A time within the profile; within an hour of the last stage's start if that one has no end. */
function timeWithin(of: LoadProfile, fraction: number): number {
  const endMs = profileDurationMs(of) ?? (laidOut(of).at(-1)?.startMs ?? 0) + 3_600_000;
  return endMs * fraction;
}

describe('the users of a profile', () => {
  test('are none before the start and after the end', () => {
    fc.assert(
      fc.property(endingProfile, fc.double({ min: 0, max: 1e9, noNaN: true }), (one, ms) => {
        expect(usersAt(one, -ms - 0.001)).toBe(0);
        expect(usersAt(one, profileDurationMs(one)! + ms)).toBe(0);
      }),
    );
  });

  test('are whole, and between the numbers at both ends of the stage', () => {
    fc.assert(
      fc.property(profile, part, (one, fraction) => {
        for (const { startMs, durationMs, from, toUsers } of laidOut(one)) {
          if (durationMs === 0) continue;
          const users = usersAt(one, startMs + fraction * (durationMs ?? 1_000) * 0.999_999);
          expect(Number.isInteger(users)).toBe(true);
          if (durationMs === null) expect(users).toBe(toUsers);
          expect(users).toBeGreaterThanOrEqual(Math.min(from, toUsers));
          expect(users).toBeLessThanOrEqual(Math.max(from, toUsers));
          expect(users).toBeLessThanOrEqual(peakUsers(one));
        }
      }),
    );
  });

  test('are within one user of the straight line, and never ahead of it', () => {
    fc.assert(
      fc.property(stage, userCount, part, ({ durationMs, toUsers }, fromUsers, fraction) => {
        fc.pre(durationMs > 0);
        const exact = fromUsers + (toUsers - fromUsers) * fraction;
        const users = usersAt({ fromUsers, stages: [{ durationMs, toUsers }] }, durationMs * fraction);
        expect(Math.abs(users - exact)).toBeLessThan(1);
        if (toUsers >= fromUsers) expect(users).toBeLessThanOrEqual(exact + 1e-5);
        else expect(users).toBeGreaterThanOrEqual(exact - 1e-5);
      }),
    );
  });

  test('are no more than the most of a time, which some moment of it has', () => {
    fc.assert(
      fc.property(profile, part, part, part, (one, from, to, at) => {
        const [fromMs, toMs] = [from, to].sort((a, b) => a - b).map((fraction) => timeWithin(one, fraction));
        const most = mostUsersBetween(one, fromMs!, toMs!);
        expect(usersAt(one, fromMs! + (toMs! - fromMs!) * at)).toBeLessThanOrEqual(most);
        const ends = laidOut(one).flatMap(({ startMs, durationMs, toUsers }) => {
          const endMs = startMs + (durationMs ?? Infinity);
          return fromMs! <= endMs && endMs <= toMs! ? [toUsers] : [];
        });
        expect([usersAt(one, fromMs!), usersAt(one, toMs!), ...ends]).toContain(most);
      }),
    );
  });

  test('never fall in a ramp up and never rise in a ramp down', () => {
    fc.assert(
      fc.property(
        stage,
        userCount,
        fc.array(part, { minLength: 2 }),
        ({ durationMs, toUsers }, fromUsers, fractions) => {
          fc.pre(durationMs > 0);
          const one = { fromUsers, stages: [{ durationMs, toUsers }] };
          const seen = fractions
            .toSorted((a, b) => a - b)
            .map((fraction) => usersAt(one, durationMs * fraction * 0.999));
          const sorted = seen.toSorted((a, b) => (toUsers >= fromUsers ? a - b : b - a));
          expect(seen).toEqual(sorted);
        },
      ),
    );
  });

  test('are exactly the number of a stage when it ends, if the run continues', () => {
    fc.assert(
      fc.property(endingProfile, (one) => {
        const goesOn = {
          ...one,
          stages: [...one.stages, { durationMs: 1_000, toUsers: one.stages.at(-1)!.toUsers }],
        };
        const laid = laidOut(goesOn);
        laid.slice(1).forEach(({ startMs, durationMs, from }) => {
          if (durationMs !== 0) expect(usersAt(goesOn, startMs)).toBe(from);
        });
      }),
    );
  });
});

describe('the next change', () => {
  test('is later, and nothing changes in between', () => {
    fc.assert(
      fc.property(profile, part, fc.array(part, { maxLength: 20 }), (one, fraction, looks) => {
        const atMs = timeWithin(one, fraction);
        const next = nextChangeAt(one, atMs);
        const users = usersAt(one, atMs);
        if (next !== null) expect(next).toBeGreaterThan(atMs);
        const untilMs = next ?? atMs + 1e7;
        // Just before the change, the time may already round up to it.
        const between = looks
          .map((look) => atMs + (untilMs - atMs) * look)
          .filter((lookMs) => untilMs - lookMs > 1e-6 * untilMs);
        expect(between.filter((lookMs) => usersAt(one, lookMs) !== users)).toEqual([]);
      }),
    );
  });

  test('visits every number of users, one by one, until the end', () => {
    // At least a millisecond, or jumps: faster users start together.
    const steep = fc.record({
      fromUsers: fc.nat(30),
      stages: fc.array(fc.record({ durationMs: fc.nat(10_000_000), toUsers: fc.nat(30) }), {
        minLength: 1,
        maxLength: 4,
      }),
    });
    fc.assert(
      fc.property(steep, (one) => {
        let atMs: number | null = 0;
        let users = usersAt(one, 0);
        const strides: number[] = [];
        for (;;) {
          atMs = nextChangeAt(one, atMs);
          if (atMs === null || strides.length > 200) break;
          const now = usersAt(one, atMs);
          const isJump = laidOut(one).some(({ startMs, durationMs }) => startMs === atMs && durationMs === 0);
          const isEnd = atMs === profileDurationMs(one);
          strides.push(isJump || isEnd ? 0 : Math.abs(now - users));
          users = now;
        }
        expect(atMs).toBeNull();
        expect(Math.max(0, ...strides)).toBeLessThanOrEqual(1);
        expect(users).toBe(0);
      }),
    );
  });

  test('is always later, even for short ramps late in the run', () => {
    const load = {
      fromUsers: 0,
      stages: [
        { durationMs: 4_194_303.990897764, toUsers: 0 },
        { durationMs: 0.01, toUsers: 26 },
      ],
    };
    let atMs: number | null = 0;
    for (let looked = 0; atMs !== null; looked += 1) {
      const next = nextChangeAt(load, atMs);
      if (next !== null) expect(next).toBeGreaterThan(atMs);
      expect(looked).toBeLessThan(60);
      atMs = next;
    }
  });

  test('is the start if the run has not started', () => {
    fc.assert(
      fc.property(profile, (one) => {
        expect(nextChangeAt(one, -1)).toBe(0);
      }),
    );
  });
});

describe('limiting the run time', () => {
  test('ends the profile exactly then, and changes nothing before', () => {
    fc.assert(
      fc.property(
        endingProfile,
        fc.integer({ min: 1, max: 200_000 }),
        fc.array(part, { minLength: 1 }),
        (one, limitMs, looks) => {
          const limited = limitRunTime(one, limitMs);
          expect(profileDurationMs(limited)).toBeCloseTo(limitMs, 5);
          const sameUntilMs = Math.min(limitMs, profileDurationMs(one)!) * 0.999_999;
          const times = sameUntilMs === 0 ? [] : looks.map((look) => sameUntilMs * look);
          expect(times.map((ms) => usersAt(limited, ms))).toEqual(times.map((ms) => usersAt(one, ms)));
          expect(peakUsers(limited)).toBeLessThanOrEqual(peakUsers(one));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('holds the last number of users if the profile is shorter or has no end', () => {
    fc.assert(
      fc.property(profile, part, (one, fraction) => {
        const endMs = profileDurationMs(one) ?? laidOut(one).at(-1)!.startMs;
        const limited = limitRunTime(one, endMs + 10_000);
        const last = one.stages.at(-1)?.toUsers ?? one.fromUsers;
        expect(usersAt(limited, endMs + 9_999 * fraction)).toBe(last);
        expect(usersAt(limited, profileDurationMs(limited)!)).toBe(0);
      }),
    );
  });

  test('keeps the pace of a ramp that it cuts', () => {
    const cut = limitRunTime({ fromUsers: 0, stages: [{ durationMs: 30_000, toUsers: 10 }] }, 7_300);
    expect(usersAt(cut, 2_999)).toBe(0);
    expect(usersAt(cut, 3_000)).toBe(1);
    expect(usersAt(cut, 6_000)).toBe(2);
    expect(usersAt(cut, 7_299)).toBe(2);
    expect(profileDurationMs(cut)).toBe(7_300);
  });
});

describe('a ramp and a hold', () => {
  test('reaches the number after number / rate seconds, and keeps it', () => {
    fc.assert(
      fc.property(
        userCount,
        userCount,
        fc.double({ min: 0.1, max: 1_000, noNaN: true }),
        (from, to, rate) => {
          const one = rampAndHold(to, rate, from);
          const rampMs = (Math.abs(to - from) / rate) * 1_000;
          expect(usersAt(one, rampMs)).toBe(to);
          expect(usersAt(one, rampMs + 1e9)).toBe(to);
          if (to !== from) expect(usersAt(one, 0)).toBe(from);
          expect(profileDurationMs(one)).toBeNull();
        },
      ),
    );
  });

  test('starts all users at once without a rate', () => {
    expect(usersAt(rampAndHold(500), 0)).toBe(500);
  });
});

describe('a live change', () => {
  test('keeps the past and the end, and moves at once or at the rate', () => {
    const rate = fc.option(fc.double({ min: 0.1, max: 1_000, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(profile, part, userCount, rate, part, (one, fraction, toUsers, perSecond, look) => {
        const atMs = Math.max(1, timeWithin(one, fraction));
        const endMs = profileDurationMs(one);
        fc.pre(endMs === null || atMs < endMs);
        const now = usersAt(one, atMs);
        const changed = changeUsers(one, atMs, toUsers, perSecond);

        const pastMs = atMs * look * 0.999_999;
        expect(usersAt(changed, pastMs)).toBe(usersAt(one, pastMs));
        const arrivesMs = atMs + (perSecond ? (Math.abs(toUsers - now) / perSecond) * 1_000 : 0);
        if (endMs === null) {
          expect(profileDurationMs(changed)).toBeNull();
          expect(usersAt(changed, arrivesMs + 1)).toBe(toUsers);
        } else {
          expect(profileDurationMs(changed)! / endMs).toBeCloseTo(1, 9);
          if (arrivesMs + 1 < endMs * 0.999) expect(usersAt(changed, arrivesMs + 1)).toBe(toUsers);
        }
      }),
      { numRuns: 200 },
    );
  });
});
