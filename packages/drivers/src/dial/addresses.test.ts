import { describe, expect, test } from '@jest/globals';
import { Addresses, Endpoint } from './addresses.js';

const MINUTE_MS = 60_000;

function of(...texts: string[]): {
  addresses: Addresses;
  all: Endpoint[];
  order: (nowMs?: number) => string[];
} {
  const all = texts.map((text) => new Endpoint(text, undefined));
  const addresses = new Addresses('first');
  addresses.set(all);
  return { addresses, all, order: (nowMs = 0) => addresses.next(nowMs).map(({ address }) => address) };
}

describe('the order in which addresses are tried', () => {
  test.each([
    ['::1 ::2 ::3 1.0.0.1 1.0.0.2', '::1 1.0.0.1 ::2 1.0.0.2 ::3'],
    ['1.0.0.1 ::1 ::2', '1.0.0.1 ::1 ::2'],
    ['1.0.0.1 1.0.0.2', '1.0.0.1 1.0.0.2'],
    ['::1', '::1'],
  ])('alternates between the families: %s becomes %s', (given, expected) => {
    expect(of(...given.split(' ')).order()).toEqual(expected.split(' '));
  });

  test('tries a silent address last, and retries it once after a while', () => {
    const { all, order } = of('::1', '1.0.0.1');
    all[0]!.lost(0);
    expect(order(1)).toEqual(['1.0.0.1', '::1']);
    expect(order(9 * MINUTE_MS)).toEqual(['1.0.0.1', '::1']);
    expect(order(11 * MINUTE_MS)).toEqual(['::1', '1.0.0.1']);
    expect(order(11 * MINUTE_MS)).toEqual(['1.0.0.1', '::1']);
    all[0]!.answered();
    expect(order(11 * MINUTE_MS)).toEqual(['::1', '1.0.0.1']);
  });

  test('does not avoid an address that answered before and is sometimes slow', () => {
    const { all, order } = of('1.0.0.1', '1.0.0.2');
    const [first] = all;
    first!.answered();
    for (let i = 0; i < 2; i++) first!.lost(0);
    expect(order()).toEqual(['1.0.0.1', '1.0.0.2']);
    first!.answered();
    for (let i = 0; i < 3; i++) first!.lost(0);
    expect(order()).toEqual(['1.0.0.2', '1.0.0.1']);
  });

  test('keeps its state when the name is looked up again', () => {
    const { addresses, all, order } = of('::1', '1.0.0.1');
    all[0]!.lost(0);
    addresses.set(['::1', '1.0.0.1', '1.0.0.2'].map((text) => new Endpoint(text, undefined)));
    expect(order(1)).toEqual(['1.0.0.1', '1.0.0.2', '::1']);
  });

  test('tries all addresses if all were silent', () => {
    const { all, order } = of('::1', '1.0.0.1');
    for (const one of all) one.lost(0);
    expect(order(1)).toEqual(['::1', '1.0.0.1']);
  });
});
