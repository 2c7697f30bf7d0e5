import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { plannedUsersAt, rampAndHold, usersLoad, type Load } from '@drumline/model';
import { IntervalStream } from '../../intervals/interval-stream.js';
import { followShape } from './follow-shape.js';

type Reply = { answer: number | null } | { problem: string } | undefined;
type Asked = { elapsedMs: number; users: number };

const userTypes = [{ name: 'shopper', weight: 1, laneGroup: 'default', tasks: [] }];

/** A run whose shape answers with these replies, one after the other. */
function runWith(replies: readonly (Reply | 'late')[]) {
  const asked: Asked[] = [];
  const notes: string[] = [];
  const run = { isRunning: true, stop: (ending: string) => void (run.isRunning = ending !== 'planned') };
  const clock = { runMs: 0, paused: false };
  const dispatch = {
    load: usersLoad(rampAndHold(0), userTypes),
    changeLoad: (load: Load) => void (dispatch.load = load),
  };
  const started = {
    plan: { userTypes },
    clock,
    dispatch,
    allocation: { running: [{ laneGroups: ['default'] }], inReconnectGrace: false },
    applyLoad: () => {},
  };
  const shape = followShape(
    started as unknown as Parameters<typeof followShape>[0],
    { kind: 'shape' },
    {
      run,
      host: {
        askShape: async (context) => {
          asked.push({ elapsedMs: context.elapsedMs, users: context.users });
          const reply = replies[asked.length - 1];
          return reply === 'late' ? await new Promise<never>(() => {}) : reply;
        },
      },
      notes: { add: (code, message) => void notes.push(`${code}: ${message}`) },
      participants: { users: 4 },
      stream: new IntervalStream(() => {}),
    },
  );
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      clock.runMs += 1_000;
      await jest.advanceTimersByTimeAsync(1_000);
    }
  };
  return { asked, notes, run, clock, shape, pass, users: () => plannedUsersAt(dispatch.load, clock.runMs) };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a shape', () => {
  test('is asked at the start and once a second, with the time and the users', async () => {
    const { asked, pass, shape } = runWith([]);
    await pass(2);
    expect(asked).toEqual([
      { elapsedMs: 0, users: 4 },
      { elapsedMs: 1_000, users: 4 },
      { elapsedMs: 2_000, users: 4 },
    ]);
    shape.close();
    await pass(2);
    expect(asked).toHaveLength(3);
  });

  test('changes the users, and ends the run with null', async () => {
    const { pass, users, run } = runWith([{ answer: 2 }, { answer: 6 }, { answer: null }]);
    await pass(0);
    await jest.advanceTimersByTimeAsync(0);
    expect(users()).toBe(2);
    await pass(1);
    expect([users(), run.isRunning]).toEqual([6, true]);
    await pass(1);
    expect(run.isRunning).toBe(false);
  });

  test('that fails leaves the load as it is, and a note', async () => {
    const { pass, users, notes } = runWith([{ answer: 2 }, { problem: 'no forecast' }, { answer: -1 }]);
    await pass(2);
    expect(users()).toBe(2);
    expect(notes).toEqual([
      'shape-failed: shape() gave no valid answer, so the load stayed as it was: no forecast',
      'shape-failed: shape() gave no valid answer, so the load stayed as it was: -1 is not a number of users.',
    ]);
  });

  test('is not asked again before it has answered, nor in a pause', async () => {
    const late = runWith(['late']);
    await late.pass(3);
    expect(late.asked).toHaveLength(1);
    const paused = runWith([]);
    paused.clock.paused = true;
    await paused.pass(3);
    expect(paused.asked).toHaveLength(1);
  });
});
