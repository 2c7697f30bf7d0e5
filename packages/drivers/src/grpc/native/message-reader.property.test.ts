import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fault } from '../fault.js';
import { frameMessage } from './message-frame.js';
import { MessageReader } from './message-reader.js';
import { ScratchPool } from './scratch-pool.js';

/**
 * Reads a body in pieces that end at the given positions. Their memory is overwritten after each
 * read.
 */
function readInPieces(body: Buffer, cuts: readonly number[], maxBytes: number, stopAfter = Infinity) {
  const messages: Buffer[] = [];
  const faults: Fault[] = [];
  const sink = {
    onMessage(bytes: Uint8Array) {
      messages.push(Buffer.from(bytes));
      return messages.length < stopAfter;
    },
    onFault: (fault: Fault) => void faults.push(fault),
  };
  const reader = new MessageReader(sink, maxBytes, scratch);
  let at = 0;
  for (const end of [...cuts, body.length]) {
    if (faults.length > 0 || messages.length >= stopAfter) break;
    const piece = Buffer.from(body.subarray(at, end));
    reader.read(piece);
    piece.fill(0xee);
    at = end;
  }
  return { messages, faults, reader };
}

const scratch = new ScratchPool();
const small = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const large = fc.integer({ min: 60_000, max: 3_000_000 }).map((length) => Buffer.alloc(length, length));
const lists = fc.array(fc.oneof({ weight: 20, arbitrary: small }, { weight: 1, arbitrary: large }), {
  maxLength: 8,
});

const cutsOf = (places: readonly number[], length: number): number[] =>
  places.map((place) => Math.floor(place * length)).sort((a, b) => a - b);
const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

describe('a body of messages, however it is split', () => {
  test('gives the messages that were framed', () => {
    fc.assert(
      fc.property(lists, places, (messages, at) => {
        const body = Buffer.concat(messages.map((message) => frameMessage(message, undefined)));
        const read = readInPieces(body, cutsOf(at, body.length), 0);
        expect(read.faults).toEqual([]);
        expect(read.reader.inside).toBe(false);
        expect(read.messages.length).toBe(messages.length);
        expect(read.messages.every((message, i) => message.equals(messages[i]!))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('reports an end inside a message, but not one between two messages', () => {
    fc.assert(
      fc.property(fc.array(small, { minLength: 1, maxLength: 5 }), places, fc.nat(), (messages, at, cut) => {
        const framed = messages.map((message) => frameMessage(message, undefined));
        const body = Buffer.concat(framed);
        const length = cut % body.length;
        const ends = framed.map((_, i) => Buffer.concat(framed.slice(0, i)).length);
        const read = readInPieces(body.subarray(0, length), cutsOf(at, length), 0);
        expect(read.reader.inside).toBe(!ends.includes(length));
      }),
    );
  });

  test('stops at the first message that is too long, and on request', () => {
    fc.assert(
      fc.property(
        fc.array(small, { maxLength: 8 }),
        places,
        fc.integer({ min: 1, max: 40 }),
        (messages, at, max) => {
          const body = Buffer.concat(messages.map((message) => frameMessage(message, undefined)));
          const cuts = cutsOf(at, body.length);
          const tooLong = messages.findIndex((message) => message.length > max);
          const read = readInPieces(body, cuts, max);
          expect(read.faults.map(({ failure }) => failure.code)).toEqual(
            tooLong < 0 ? [] : ['MESSAGE_TOO_LONG'],
          );
          expect(read.messages.length).toBe(tooLong < 0 ? messages.length : tooLong);
          expect(readInPieces(body, cuts, 0, max).messages.length).toBe(Math.min(max, messages.length));
        },
      ),
    );
  });
});
