import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ErrorDelta, ExceptionDelta } from './delta.js';
import { addError, addException, once } from './occurrences.js';

const error = fc
  .record({
    text: fc.constantFrom(
      'order 1 lost',
      'order 2 lost',
      'order 33 lost',
      'refused by 10.0.0.1:80',
      'refused by 10.0.0.2:80',
      'gone',
      'status 404',
      'status 503',
    ),
    example: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
    atMs: fc.nat(100),
  })
  .map(({ text, example, atMs }): ErrorDelta => ({
    error: text,
    ...once(atMs),
    ...(example !== undefined && { example }),
  }));

/** Counts of several lanes, merged in some order. */
function merged(parts: readonly (readonly ErrorDelta[])[]): ErrorDelta[] {
  const total = new Map<string, ErrorDelta>();
  for (const part of parts) {
    const lane = new Map<string, ErrorDelta>();
    for (const one of part) addError(lane, one);
    for (const one of lane.values()) addError(total, one);
  }
  return [...total.values()].sort((a, b) => (a.error < b.error ? -1 : 1));
}

describe('errors that differ only in addresses, ids or numbers', () => {
  test('are counted as one with an example; identical ones keep their text', () => {
    const [lost, gone, refused] = merged([
      ['order 2 lost', 'order 17 lost', 'gone', 'refused by 10.0.0.1:80', 'order 2 lost'].map((text) => ({
        error: text,
        ...once(5),
      })),
    ]).sort((a, b) => b.occurrences - a.occurrences);
    expect(lost).toMatchObject({ error: 'order <number> lost', example: 'order 17 lost', occurrences: 3 });
    expect(gone).toMatchObject({ error: 'gone', occurrences: 1 });
    expect(refused).toMatchObject({ error: 'refused by 10.0.0.1:80', occurrences: 1 });
  });

  test('give the same result in any order and grouping', () => {
    fc.assert(
      fc.property(fc.array(fc.array(error, { maxLength: 6 }), { maxLength: 5 }), (parts) => {
        const all = merged(parts);
        expect(merged([...parts].reverse())).toEqual(all);
        expect(merged([parts.flat()])).toEqual(all);
        expect(all.reduce((sum, { occurrences }) => sum + occurrences, 0)).toBe(parts.flat().length);
      }),
    );
  });
});

test('exceptions of one kind are counted together only if they come from the same place', () => {
  const exceptions = new Map<string, ExceptionDelta>();
  const thrown = (message: string, line: number): void =>
    addException(exceptions, {
      user: 'u',
      task: 't',
      message,
      stack: `Error: ${message}\n    at pay (shop.ts:${line}:5)`,
      ...once(1),
    });
  for (const id of [7, 12, 300]) thrown(`order ${id} lost`, 10);
  thrown('order 8 lost', 20);
  expect(
    [...exceptions.values()].map(({ message, stack, occurrences }) => ({ message, stack, occurrences })),
  ).toEqual([
    {
      message: 'order <number> lost',
      stack: 'Error: order 12 lost\n    at pay (shop.ts:10:5)',
      occurrences: 3,
    },
    { message: 'order 8 lost', stack: 'Error: order 8 lost\n    at pay (shop.ts:20:5)', occurrences: 1 },
  ]);
});
