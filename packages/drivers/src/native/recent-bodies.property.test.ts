import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RecentBodies } from './recent-bodies.js';

const PLACES_APART = 16;

describe('repeated bodies', () => {
  test('are read correctly, whatever preceded them', () => {
    const content = fc.uint8Array({ minLength: 1, maxLength: 3 });
    // Lengths that share a slot, and contents that differ only in their last bytes.
    const body = fc.record({ length: fc.constantFrom(20, 20 + PLACES_APART, 21), end: content });
    const places = fc.array(fc.tuple(body, fc.nat(5), fc.integer({ min: 1, max: 40 })), { maxLength: 40 });
    fc.assert(
      fc.property(places, (told) => {
        const recent = new RecentBodies();
        const shared = Buffer.alloc(100);
        for (const [{ length, end }, start, times] of told) {
          for (let i = 0; i < times; i++) {
            shared.fill(0xee);
            shared.fill(0, start, start + length);
            shared.set(end, start + length - end.length);
            const meant = shared.toString('latin1', start, start + length);
            expect(recent.textOf(shared, start, start + length)).toBe(meant);
          }
        }
      }),
    );
  });

  test('are the same string', () => {
    const recent = new RecentBodies();
    const bytes = Buffer.alloc(1_000_000, 'x');
    const heapBefore = process.memoryUsage().heapUsed;
    const kept = Array.from({ length: 5_000 }, () => recent.textOf(bytes, 0, 16_000));
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(20_000_000);
    expect(new Set(kept).size).toBe(1);
  });
});
