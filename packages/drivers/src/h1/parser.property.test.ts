import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  anyBytes,
  anyResponse,
  bytesOf,
  meaningOf,
} from '../../../../test/contract/support/generated-responses.js';
import { read, readPieces } from '../../../../test/contract/support/recorded-response.js';

describe('any response', () => {
  test('is read correctly, however it is split', () => {
    fc.assert(
      fc.property(anyResponse, fc.array(fc.nat(1_000), { maxLength: 6 }), (response, cuts) => {
        const bytes = Buffer.from(bytesOf(response), 'latin1');
        const meant = meaningOf(response);
        for (const told of [
          readPieces([bytes], response.method),
          readPieces(cutUp(bytes, cuts), response.method),
        ])
          expect(told).toMatchObject(meant);
      }),
      { numRuns: 200 },
    );
  });

  test('with changed bytes is either complete or malformed, and never throws', () => {
    const change = fc.record({
      at: fc.nat(1_000),
      remove: fc.nat(3),
      insert: fc.oneof(
        fc.constantFrom(
          '\r',
          '\n',
          '\r\n',
          ' ',
          ':',
          '\0',
          '0',
          ',',
          ';',
          'content-length: 3\r\n',
          'transfer-encoding: chunked\r\n',
        ),
        anyBytes(fc.integer({ min: 0, max: 255 }), 3),
      ),
    });
    fc.assert(
      fc.property(
        anyResponse,
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(1_000), { maxLength: 6 }),
        (response, changes, cuts) => {
          // Reads it whole first, so that its head becomes a known one.
          for (let i = 0; i < 3; i++) read(bytesOf(response), response.method);
          let text = bytesOf(response);
          for (const { at, remove, insert } of changes) {
            const place = at % (text.length + 1);
            text = text.slice(0, place) + insert + text.slice(place + remove);
          }
          const bytes = Buffer.from(text, 'latin1');
          const whole = readPieces([bytes], response.method);
          const told = [cuts, [...bytes.keys()]].map((places) =>
            readPieces(cutUp(bytes, places), response.method),
          );
          expect(told).toEqual([whole, whole]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function cutUp(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places]
    .map((place, i) => bytes.subarray(place, places[i] ?? bytes.length))
    .filter((piece) => piece.length > 0);
}
