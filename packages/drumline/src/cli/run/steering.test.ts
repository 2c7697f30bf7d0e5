import { describe, expect, test } from '@jest/globals';
import { DEFAULT_CHOICES, type LiveModel } from '../../view/model.js';
import { Steering, type SteeredScreen } from './steering.js';

/** A screen that shows a run with so many users, and records its lines and orders. */
function steered(plannedUsers: number, paused = false) {
  const said: string[] = [];
  const orders: string[] = [];
  const screen: SteeredScreen & { drawn: number } = {
    last: { status: { plannedUsers, paused } } as LiveModel,
    choices: DEFAULT_CHOICES,
    drawn: 0,
    say: (line) => said.push(line),
    redraw: () => (screen.drawn += 1),
  };
  const order = (name: string) => (users?: number) => {
    orders.push(users === undefined ? name : `${name} ${users}`);
    return `${name}: done`;
  };
  const clock = { nowMs: 0 };
  const steering = new Steering(
    screen,
    {
      stop: order('stop'),
      pause: order('pause'),
      resume: () => Promise.reject(new Error('The run is over.')),
      setUsers: order('users'),
    },
    () => clock.nowMs,
  );
  const press = async (keys: string): Promise<void> => {
    for (const key of keys) steering.press(key);
    await new Promise(setImmediate);
  };
  return { press, said, orders, screen, clock };
}

describe('keys', () => {
  test.each([
    ['q', ['stop']],
    ['Q', ['stop']],
    ['p', ['pause']],
    ['+', ['users 110']],
    ['=', ['users 110']],
    ['-', ['users 90']],
    ['+++', ['users 110', 'users 121', 'users 133']],
    ['x\r\u001b[A', []],
  ])('%j orders %j', async (keys, expected) => {
    const { press, orders } = steered(100);
    await press(keys);
    expect(orders).toEqual(expected);
  });

  test('a step is at least one user, and there are never fewer than none', async () => {
    const few = steered(3);
    await few.press('+');
    const none = steered(0);
    await none.press('-');
    expect([...few.orders, ...none.orders]).toEqual(['users 4', 'users 0']);
  });

  test('a step counts from what the run shows, once it has had time to', async () => {
    const { press, orders, clock } = steered(100);
    await press('+');
    clock.nowMs = 5_000;
    await press('+');
    expect(orders).toEqual(['users 110', 'users 110']);
  });

  test('show the run’s answer, even if it refuses', async () => {
    const { press, said } = steered(100, true);
    await press('qp');
    expect(said).toEqual(['stop: done', 'The run is over.']);
  });

  test('sort and help are the screen’s own', async () => {
    const { press, orders, screen } = steered(100);
    await press('s?');
    expect(screen.choices).toMatchObject({ sort: 'slow', help: true });
    await press('sss?');
    expect(screen.choices).toEqual(DEFAULT_CHOICES);
    expect([orders, screen.drawn]).toEqual([[], 6]);
  });
});
