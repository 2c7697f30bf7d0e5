import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { OnFailure } from '../authoring/on-failure.js';
import { anyOf, inOrder, task, type TaskGroup, type Tasks } from '../authoring/tasks.js';
import { selectTasks, taskNames, TaskStream } from './task-tree.js';

type Any = Tasks<undefined> | TaskGroup<undefined>;
const ALL = { include: [], exclude: [] };
const nothing = (): void => {};

/** The names of the first `count` tasks of a user. */
function firstOf(tasks: Any, count: number, random: () => number = Math.random): string[] {
  const stream = new TaskStream(selectTasks(tasks, ALL), random);
  return Array.from({ length: count }, () => stream.next().name);
}

/** Evenly distributed numbers in [0, 1), so that results are exact. */
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

  test('are picked in proportion to any weights, and never with weight 0', () => {
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

  test('of inOrder run in order, repeatedly', () => {
    expect(firstOf(inOrder({ login: nothing, browse: nothing, logout: nothing }), 5)).toEqual([
      'login',
      'browse',
      'logout',
      'login',
      'browse',
    ]);
  });

  test('of a group have its name, and run once in each pass', () => {
    const tasks = inOrder({
      home: nothing,
      shop: inOrder({ cart: nothing, pay: inOrder({ card: nothing }) }),
    });
    expect(firstOf(tasks, 4)).toEqual(['home', 'shop/cart', 'shop/pay/card', 'home']);
  });

  test('of anyOf are picked `picks` times in each pass', () => {
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
    // Outer and inner picks alternate in using random numbers, so only outer picks are counted.
    const solos = firstOf(tasks, 10_000).filter((name) => name === 'solo').length;
    expect(solos / 10_000).toBeGreaterThan(0.22);
    expect(solos / 10_000).toBeLessThan(0.28);
  });

  test('are the functions that were passed', () => {
    const run = (): string => 'it was me';
    const { children } = selectTasks<undefined>({ run }, ALL);
    expect(children).toMatchObject([{ kind: 'leaf', name: 'run', weight: 1, run }]);
  });
});

/** The first tasks if those in `failing` fail; `(stop)` if the user stops. */
function withFailures(tasks: Any, failing: readonly string[], turns: number, ofUser?: OnFailure): string {
  const stream = new TaskStream(selectTasks(tasks, ALL, ofUser), () => 0);
  const done: string[] = [];
  while (done.length < turns) {
    const leaf = stream.next();
    done.push(leaf.name);
    if (failing.includes(leaf.name) && stream.failed(leaf)) return [...done, '(stop)'].join(' ');
  }
  return done.join(' ');
}

describe('a task that fails', () => {
  const steps = { a: nothing, b: nothing, c: nothing };
  const inner = { p: nothing, q: nothing };
  const stop = { onFailure: 'stop-user' } as const;
  const on = { onFailure: 'continue' } as const;
  const end = { onFailure: 'end-iteration' } as const;

  test.each<[string, Any, string[], string, OnFailure?]>([
    ['outside a group is followed by the next', steps, ['a'], 'a a a a'],
    ['outside a group stops the user', steps, ['a'], 'a (stop)', 'stop-user'],
    ['first in an order ends the pass', inOrder(steps), ['a'], 'a a a a'],
    ['within an order ends the pass', inOrder(steps), ['b'], 'a b a b a'],
    ['last in an order changes nothing', inOrder(steps), ['c'], 'a b c a b c'],
    ['in an order with continue', inOrder(steps, on), ['b'], 'a b c a'],
    ['in an order of a user type with continue', inOrder(steps), ['b'], 'a b c a', 'continue'],
    ['in an order that stops the user', inOrder(steps, stop), ['b'], 'a b (stop)'],
    [
      'with its own policy',
      inOrder({ a: task(on, nothing), b: task(stop, nothing), c: nothing }, end),
      ['a', 'b'],
      'a b (stop)',
    ],
    [
      'in an order within an order ends both',
      inOrder({ login: inOrder(inner), buy: nothing }),
      ['login/p'],
      'login/p login/p',
    ],
    [
      'in a choice within an order continues',
      inOrder({ look: anyOf(inner, { picks: 2 }), buy: nothing }),
      ['look/p'],
      'look/p look/p buy look/p',
    ],
    [
      'before a choice skips the choice',
      inOrder({ a: nothing, look: anyOf({ in: inOrder(inner) }, { picks: 2 }), buy: nothing }),
      ['a'],
      'a a a',
    ],
    [
      'in one of several picks ends that pass only',
      inOrder({ look: anyOf({ in: inOrder(inner) }, { picks: 2 }), buy: nothing }),
      ['look/in/p'],
      'look/in/p look/in/p buy look/in/p',
    ],
    [
      'in one of several picks ends the iteration with end-iteration',
      inOrder({ look: anyOf({ in: inOrder(inner, end) }, { picks: 2 }), buy: nothing }),
      ['look/in/p'],
      'look/in/p look/in/p look/in/p',
    ],
    [
      'in a group with the policy of its entry',
      inOrder({ login: task(on, inOrder(inner)), buy: nothing }),
      ['login/p'],
      'login/p login/q buy login/p',
    ],
  ])('%s', (...[, tasks, failing, expected, ofUser]) => {
    expect(withFailures(tasks, failing, expected.split(' ').length, ofUser)).toBe(expected);
  });

  test('only skips tasks, and never adds or reorders them', () => {
    const tree = (depth: number): fc.Arbitrary<TaskGroup<undefined> | (() => void)> =>
      depth === 0
        ? fc.constant(nothing)
        : fc.oneof(
            fc.constant(nothing),
            fc
              .tuple(
                fc.boolean(),
                fc.integer({ min: 1, max: 3 }),
                fc.array(tree(depth - 1), { minLength: 1, maxLength: 3 }),
              )
              .map(([ordered, picks, list]) => {
                const tasks = Object.fromEntries(list.map((body, index) => [`t${index}`, body]));
                return ordered ? inOrder(tasks) : anyOf(tasks, { picks });
              }),
          );
    fc.assert(
      fc.property(tree(4), fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (root, fails) => {
        const tasks = selectTasks<undefined>(inOrder({ first: nothing, root, last: nothing }), ALL);
        const stream = new TaskStream(tasks, () => 0);
        const whole = new TaskStream(tasks, () => 0);
        const pass: string[] = [];
        for (let name = whole.next().name; pass.length === 0 || name !== 'first'; name = whole.next().name)
          pass.push(name);
        let at = 0;
        for (const failed of fails) {
          const leaf = stream.next();
          // The tasks are those of a pass, in order, without the skipped ones.
          at = leaf.name === 'first' ? 0 : pass.indexOf(leaf.name, at);
          expect(at).toBeGreaterThanOrEqual(0);
          at += 1;
          if (failed) stream.failed(leaf);
        }
      }),
    );
  });

  test('skips all its groups if the code ends the iteration', () => {
    const stream = new TaskStream(
      selectTasks<undefined>(inOrder({ a: nothing, look: anyOf(inner, { picks: 2 }) }), ALL),
      () => 0,
    );
    expect([stream.next().name, stream.next().name]).toEqual(['a', 'look/p']);
    stream.endIteration();
    expect(stream.next().name).toBe('a');
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

  test('that are included select tasks with one of them, also through their groups', () => {
    expect(left(['fast'], [])).toEqual(['fast', 'both', 'group/inherits', 'group/slowToo']);
    expect(left(['fast', 'slow'], [])).toEqual(['fast', 'slow', 'both', 'group/inherits', 'group/slowToo']);
  });

  test('that are excluded remove tasks, even included ones', () => {
    expect(left([], ['slow'])).toEqual(['plain', 'fast', 'group/inherits']);
    expect(left(['fast'], ['slow'])).toEqual(['fast', 'group/inherits']);
  });

  test('remove groups without tasks', () => {
    expect(left([], ['fast'])).toEqual(['plain', 'slow']);
    expect(selectTasks(tasks, { include: ['slow'], exclude: ['fast'] }).children).toHaveLength(1);
    expect(left(['nobody'], [])).toEqual([]);
  });
});
