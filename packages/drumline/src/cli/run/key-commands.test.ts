import { describe, expect, test } from '@jest/globals';
import { DEFAULT_CHOICES, type LiveModel } from '../../view/model.js';
import { KeyCommands, type ControlledScreen } from './key-commands.js';

/** A screen of a run with this many users. Records printed lines and orders. */
function setUp(plannedUsers: number, paused = false) {
  const printed: string[] = [];
  const orders: string[] = [];
  const screen: ControlledScreen & { drawn: number } = {
    last: { status: { plannedUsers, paused } } as LiveModel,
    choices: DEFAULT_CHOICES,
    drawn: 0,
    print: (line) => printed.push(line),
    redraw: () => (screen.drawn += 1),
  };
  const order = (name: string) => (users?: number) => {
    orders.push(users === undefined ? name : `${name} ${users}`);
    return `${name}: done`;
  };
  const clock = { nowMs: 0 };
  const keyCommands = new KeyCommands(
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
    for (const key of keys) keyCommands.press(key);
    await new Promise(setImmediate);
  };
  return { press, printed, orders, screen, clock };
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
  ])('%j sends the orders %j', async (keys, expected) => {
    const { press, orders } = setUp(100);
    await press(keys);
    expect(orders).toEqual(expected);
  });

  test('a step is at least one user, and the number of users is never negative', async () => {
    const few = setUp(3);
    await few.press('+');
    const none = setUp(0);
    await none.press('-');
    expect([...few.orders, ...none.orders]).toEqual(['users 4', 'users 0']);
  });

  test('after two seconds, a step counts from the users that the run shows', async () => {
    const { press, orders, clock } = setUp(100);
    await press('+');
    clock.nowMs = 5_000;
    await press('+');
    expect(orders).toEqual(['users 110', 'users 110']);
  });

  test('print the reply of the run, even if it rejects the order', async () => {
    const { press, printed } = setUp(100, true);
    await press('qp');
    expect(printed).toEqual(['stop: done', 'The run is over.']);
  });

  test('sort and help send no orders', async () => {
    const { press, orders, screen } = setUp(100);
    await press('s?');
    expect(screen.choices).toMatchObject({ sort: 'slow', help: true });
    await press('sss?');
    expect(screen.choices).toEqual(DEFAULT_CHOICES);
    expect([orders, screen.drawn]).toEqual([[], 6]);
  });
});
