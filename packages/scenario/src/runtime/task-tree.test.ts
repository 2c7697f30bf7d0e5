import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyOf, inOrder, task, type TaskGroup, type Tasks } from '../authoring/tasks.js';
import { selectTasks, taskNames, TaskStream } from './task-tree.js';

type Any = Tasks<undefined> | TaskGroup<undefined>;
const ALL = { include: [], exclude: [] };
const nothing = (): void => {};

/** The names of the first `count` tasks a user does. */
function firstOf(tasks: Any, count: number, random: () => number = Math.random): string[] {
  const stream = new TaskStream(selectTasks(tasks, ALL), random);
  return Array.from({ length: count }, () => stream.next().name);
}

/** Random numbers that fill [0, 1) evenly: what comes out is exact, not likely. */
function evenly(steps: number): () => number {
  let step = 0;
  return () => ((step++ % steps) + 0.5) / steps;
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

describe('tasks', () => {
  test('are picked by weight', () => {
    const tasks = { a: task(3, nothing), b: nothing, c: task({ weight: 6 }, nothing) };
    expect(tally(firstOf(tasks, 1_000, evenly(10)))).toEqual({ a: 300, b: 100, c: 600 });
  });

  test('of any weights are picked in their proportion, and never with weight 0', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 8 }), (weights) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        fc.pre(total > 0);
        const tasks = Object.fromEntries(
          weights.map((weight, index) => [`t${index}`, task<undefined>(weight, nothing)]),
        );
        const expected = Object.fromEntries(
          weights.flatMap((weight, index) => (weight === 0 ? [] : [[`t${index}`, weight]])),
        );
        expect(tally(firstOf(tasks, total, evenly(total)))).toEqual(expected);
      }),
    );
  });

  test('in order are done one after the other, again and again', () => {
    expect(firstOf(inOrder({ login: nothing, browse: nothing, logout: nothing }), 5)).toEqual([
      'login',
      'browse',
      'logout',
      'login',
      'browse',
    ]);
  });

  test('in a group bear its name, and the group is left when it is done', () => {
    const tasks = inOrder({
      home: nothing,
      shop: inOrder({ cart: nothing, pay: inOrder({ card: nothing }) }),
    });
    expect(firstOf(tasks, 4)).toEqual(['home', 'shop/cart', 'shop/pay/card', 'home']);
  });

  test('of a group are picked as often as it says before it is left', () => {
    const tasks = inOrder({ home: nothing, look: anyOf({ a: nothing, b: nothing }, { picks: 3 }) });
    const names = firstOf(tasks, 9, evenly(2));
    expect(names.map((name) => name.split('/')[0])).toEqual([
      'home',
      'look',
      'look',
      'look',
      'home',
      'look',
      'look',
      'look',
      'home',
    ]);
    expect(tally(names)).toMatchObject({ 'look/a': 3, 'look/b': 3 });
  });

  test('of a group share the weight of the group', () => {
    const tasks = { solo: task(1, nothing), group: task(3, anyOf({ a: task(2, nothing), b: nothing })) };
    // The outer pick and the inner one take turns at the random numbers, so count the outer ones alone.
    const solos = firstOf(tasks, 10_000).filter((name) => name === 'solo').length;
    expect(solos / 10_000).toBeGreaterThan(0.22);
    expect(solos / 10_000).toBeLessThan(0.28);
  });

  test('are the functions that were given', () => {
    const run = (): string => 'it was me';
    const { children } = selectTasks<undefined>({ run }, ALL);
    expect(children).toEqual([{ kind: 'leaf', name: 'run', weight: 1, run }]);
  });
});

describe('tags', () => {
  const tasks: Any = {
    plain: nothing,
    fast: task({ tags: ['fast'] }, nothing),
    slow: task({ tags: ['slow'] }, nothing),
    both: task({ tags: ['fast', 'slow'] }, nothing),
    group: task(
      { tags: ['fast'] },
      inOrder({ inherits: nothing, slowToo: task({ tags: ['slow'] }, nothing) }),
    ),
  };
  const left = (include: string[], exclude: string[]): string[] =>
    taskNames(selectTasks(tasks, { include, exclude }));

  test('that are included keep the tasks that have one of them, those in tagged groups too', () => {
    expect(left(['fast'], [])).toEqual(['fast', 'both', 'group/inherits', 'group/slowToo']);
    expect(left(['fast', 'slow'], [])).toEqual(['fast', 'slow', 'both', 'group/inherits', 'group/slowToo']);
  });

  test('that are excluded leave tasks out, even included ones', () => {
    expect(left([], ['slow'])).toEqual(['plain', 'fast', 'group/inherits']);
    expect(left(['fast'], ['slow'])).toEqual(['fast', 'group/inherits']);
  });

  test('leave no empty groups behind', () => {
    expect(left([], ['fast'])).toEqual(['plain', 'slow']);
    expect(selectTasks(tasks, { include: ['slow'], exclude: ['fast'] }).children).toHaveLength(1);
    expect(left(['nobody'], [])).toEqual([]);
  });
});
