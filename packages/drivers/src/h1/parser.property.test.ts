import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { read, readPieces } from '../../../../test/contract/support/recorded-response.js';

/** A response as its author thinks of it. */
interface Intended {
  readonly method: string;
  readonly status: number;
  readonly reason: string;
  readonly hints: readonly Field[];
  readonly fields: readonly Field[];
  /** How the body is framed, where there may be one. */
  readonly framing: 'counted' | 'chunked' | 'untilClose';
  readonly pieces: readonly string[];
  readonly extension: string;
  readonly trailers: readonly Field[];
  /** What the server sends without being asked. */
  readonly more: string;
}
type Field = readonly [name: string, value: string];

const TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~0123456789abcxyzABCXYZ".split('');
const token = fc.string({ unit: fc.constantFrom(...TOKEN_CHARACTERS), minLength: 1, maxLength: 12 });
const character = fc.integer({ min: 0x21, max: 0xff }).filter((code) => code !== 0x7f);
const latin1 = (unit: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<string> =>
  fc.array(unit, { maxLength }).map((codes) => String.fromCharCode(...codes));
const word = latin1(character, 30);
const value = fc.array(word, { maxLength: 3 }).map((words) => words.filter(Boolean).join(' \t'));
// The prefix keeps the name from being one that means something.
const field = fc.tuple(
  token.map((name) => `X${name}`),
  value,
);
const body = latin1(fc.integer({ min: 0, max: 255 }), 40);

const intended: fc.Arbitrary<Intended> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'HEAD'),
  status: fc.oneof(fc.constantFrom(200, 204, 304), fc.integer({ min: 200, max: 999 })),
  reason: value,
  hints: fc.array(field, { maxLength: 2 }),
  fields: fc.array(field, { maxLength: 5 }),
  framing: fc.constantFrom('counted', 'chunked', 'untilClose'),
  pieces: fc.array(body, { maxLength: 4 }),
  extension: fc.oneof(
    fc.constant(''),
    token.map((name) => `;${name}="a b"`),
  ),
  trailers: fc.array(field, { maxLength: 3 }),
  more: body,
});

describe('any response', () => {
  test('is read as it was meant, however it is cut', () => {
    fc.assert(
      fc.property(intended, fc.array(fc.nat(1_000), { maxLength: 6 }), (response, cuts) => {
        const bytes = Buffer.from(written(response), 'latin1');
        const meant = meaning(response);
        for (const told of [
          readPieces([bytes], response.method),
          readPieces(cutUp(bytes, cuts), response.method),
        ])
          expect(told).toMatchObject(meant);
      }),
      { numRuns: 200 },
    );
  });

  test('with any bytes changed is either whole or faulty, however it is cut, and nothing is thrown', () => {
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
        latin1(fc.integer({ min: 0, max: 255 }), 3),
      ),
    });
    fc.assert(
      fc.property(
        intended,
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(1_000), { maxLength: 6 }),
        (response, changes, cuts) => {
          // Read whole first, as a head of a kind that is known.
          for (let i = 0; i < 3; i++) read(written(response), response.method);
          let text = written(response);
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

function written(response: Intended): string {
  const { framing, pieces, extension, trailers } = response;
  const hints = response.hints.map((hint) => `HTTP/1.1 103 Early\r\n${lines([hint])}\r\n`).join('');
  const head = `HTTP/1.1 ${response.status} ${response.reason}\r\n${lines(response.fields)}`;
  const start = hints + head;
  if (framing === 'untilClose') return `${start}\r\n${bodyOf(response)}`;
  if (framing === 'counted') {
    const length = pieces.join('').length;
    return `${start}Content-Length: ${length}\r\n\r\n${bodyOf(response)}${response.more}`;
  }
  const chunks = pieces
    .filter(Boolean)
    .map((piece) => `${piece.length.toString(16)}${extension}\r\n${piece}\r\n`);
  const body = bodiless(response) ? '' : `${chunks.join('')}0${extension}\r\n${lines(trailers)}\r\n`;
  return `${start}Transfer-Encoding: chunked\r\n\r\n${body}${response.more}`;
}

function meaning(response: Intended) {
  const { framing, pieces, status, reason, fields, more } = response;
  const none = bodiless(response);
  const untilClose = framing === 'untilClose' && !none;
  const length = pieces.join('').length;
  const framingFields = {
    counted: ['Content-Length', String(length)],
    chunked: ['Transfer-Encoding', 'chunked'],
    untilClose: [],
  };
  return {
    status,
    statusText: reason,
    rawHeaders: [...fields.flat(), ...framingFields[framing]],
    expectedBytes: none ? 0 : framing === 'counted' ? length : -1,
    body: bodyOf(response),
    rawTrailers: framing === 'chunked' && !none ? response.trailers.flat() : [],
    end: 'complete',
    keepAlive: !untilClose,
    leftBytes: framing === 'untilClose' ? 0 : more.length,
  };
}

function bodyOf(response: Intended): string {
  return bodiless(response) ? '' : response.pieces.join('');
}

function bodiless({ method, status }: Intended): boolean {
  return method === 'HEAD' || status === 204 || status === 304;
}

function lines(fields: readonly Field[]): string {
  return fields.map(([name, value]) => `${name}: ${value}\t\r\n`).join('');
}

function cutUp(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places]
    .map((place, i) => bytes.subarray(place, places[i] ?? bytes.length))
    .filter((piece) => piece.length > 0);
}
