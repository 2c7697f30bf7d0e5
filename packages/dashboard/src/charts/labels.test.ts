import { describe, expect, test } from '@jest/globals';
import { describeMarks, placeAnnotations, placeLimits } from './labels.js';

describe('the texts of limits', () => {
  const scale = { edge: 0, top: 100, at: (value: number) => 200 - 2 * value, fontSize: 10 };
  const limit = (value: number, isBroken = false) => ({ value, isBroken, text: `p95 < ${value}ms` });

  test('stand above their lines, and below at the upper edge', () => {
    const placed = placeLimits([limit(50), limit(100, true)], scale);
    expect(placed).toEqual([
      { text: 'p95 < 100ms', isBroken: true, line: 0, base: 12 },
      { text: 'p95 < 50ms', isBroken: false, line: 100, base: 95.5 },
    ]);
  });

  test('stand together behind an arrow if they are beyond the scale', () => {
    const [beyond, inside] = placeLimits([limit(200), limit(300, true), limit(20)], scale);
    expect(beyond).toEqual({ text: '↑ p95 < 200ms · p95 < 300ms', isBroken: true, base: 12 });
    expect(inside!.line).toBe(160);
  });

  test('are left out where they would overlap, but not their lines', () => {
    const placed = placeLimits([limit(50), limit(51)], scale);
    expect(placed.map(({ text }) => text)).toEqual(['p95 < 51ms', '']);
    expect(placed.map(({ line }) => line)).toEqual([98, 100]);
  });
});

describe('the texts of remarks', () => {
  const place = {
    left: 0,
    right: 200,
    at: (second: number) => second,
    widthOf: (text: string) => text.length,
  };

  test('stand right of their lines, or left of them at the end', () => {
    const placed = placeAnnotations(
      [
        { at: 10, text: 'deployed' },
        { at: 198, text: 'rolled back' },
      ],
      place,
    );
    expect(placed).toEqual([
      { text: 'deployed', left: 14 },
      { text: 'rolled back', left: 183 },
    ]);
  });

  test('are shortened, and left out where they would overlap or are not shown', () => {
    const texts = [10, 12, 500].map((at) => ({ at, text: 'the new version of the cart service' }));
    const placed = placeAnnotations(texts, place);
    expect(placed).toEqual([{ text: 'the new version of the …', left: 14 }]);
  });
});

test('limits and remarks are described in words', () => {
  const limits = [
    { value: 1, isBroken: true, text: 'p95 < 1ms' },
    { value: 9, isBroken: false, text: 'p99 < 9ms' },
  ];
  const annotations = [{ at: 3, text: 'deployed' }];
  expect(describeMarks({ shaded: [], limits, annotations })).toBe(
    'Limits: p95 < 1ms (broken), p99 < 9ms (kept). Remarks: deployed.',
  );
  expect(describeMarks({ shaded: [], limits: [], annotations: [] })).toBe('');
});
