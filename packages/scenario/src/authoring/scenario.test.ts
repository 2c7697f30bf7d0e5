import { describe, expect, test } from '@jest/globals';
import type { BaseContext } from './context.js';
import { counter, gauge, rate, trend } from './metrics.js';
import { provideSetupResult, setup } from './scenario.js';
import { user } from './user.js';
import { installRuntime } from '../runtime/runtime.js';

describe('a setup', () => {
  test('has no result before it has run', () => {
    const accounts = setup(() => ['ann']);
    expect(() => accounts.result).toThrow('read it in tasks');
  });

  test('has the result of the worker on which it ran', () => {
    const accounts = setup((): unknown => 'not this one');
    for (const result of [['ann'], undefined, null, 0]) {
      provideSetupResult(accounts, result);
      expect(accounts.result).toBe(result);
    }
  });

  test('runs its function', async () => {
    const context = {} as BaseContext;
    expect(await setup((given) => given === context).run(context)).toBe(true);
  });

  test('that is a plain function has no result', () => {
    expect(() => provideSetupResult(() => 1, 5)).not.toThrow();
    expect(() => provideSetupResult(undefined, 5)).not.toThrow();
  });
});

describe('a user type', () => {
  test('creates a state for each user', () => {
    const shopper = user('shopper', () => ({ cart: [] as number[] }), { tasks: { t() {} } });
    expect(shopper.makeState()).toEqual({ cart: [] });
    expect(shopper.makeState()).not.toBe(shopper.makeState());
  });

  test('has no state by default', () => {
    expect(user('visitor', { tasks: { t() {} } }).makeState()).toBeUndefined();
  });

  test('declares state and test data in its second argument, too', () => {
    const data = {};
    const buyer = user('buyer', { state: () => 7, data }, { weight: 2, tasks: { t() {} } });
    expect(buyer.makeState()).toBe(7);
    expect(buyer.spec).toMatchObject({ weight: 2 });
    expect(buyer.spec.data).toBe(data);
    expect(user('visitor', { data }, { tasks: { t() {} } }).makeState()).toBeUndefined();
  });

  test.each<[unknown, object, string]>([
    [{ dta: {} }, {}, "user('buyer'): there is no option 'dta' (did you mean data?)"],
    [{ state: 7 }, {}, "user('buyer'): state is not a function"],
    [{ data: {} }, { data: {} }, "user('buyer'): data is declared twice"],
  ])('refuses a wrong second argument: %#', (own, spec, message) => {
    expect(() => user('buyer', own as never, { tasks: { t() {} }, ...spec })).toThrow(message);
  });
});

describe('metrics', () => {
  test('are passed to the lane, and fail outside a lane', () => {
    expect(() => counter('orders').add()).toThrow('but not while the scenario is loaded');
    const heard: unknown[] = [];
    installRuntime({
      counter: (...said) => heard.push(['counter', ...said]),
      gauge: (...said) => heard.push(['gauge', ...said]),
      rate: (...said) => heard.push(['rate', ...said]),
      trend: (...said) => heard.push(['trend', ...said]),
    });
    counter('orders').add();
    counter('orders').add(3);
    gauge('queue').set(7);
    rate('hits').add(false);
    trend('cart').add(2.5);
    expect(heard).toEqual([
      ['counter', 'orders', 1],
      ['counter', 'orders', 3],
      ['gauge', 'queue', 7],
      ['rate', 'hits', false],
      ['trend', 'cart', 2.5],
    ]);
  });
});
