import fc from 'fast-check';

/** A response as its author intends it. */
export interface IntendedResponse {
  readonly method: string;
  readonly status: number;
  readonly reason: string;
  readonly hints: readonly Field[];
  readonly fields: readonly Field[];
  /** The framing of the body, if a body is allowed. */
  readonly framing: 'counted' | 'chunked' | 'untilClose';
  readonly pieces: readonly string[];
  readonly extension: string;
  readonly trailers: readonly Field[];
  /** Unsolicited bytes of the server. */
  readonly more: string;
}
type Field = readonly [name: string, value: string];

const TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~0123456789abcxyzABCXYZ".split('');
const token = fc.string({ unit: fc.constantFrom(...TOKEN_CHARACTERS), minLength: 1, maxLength: 12 });
const character = fc.integer({ min: 0x21, max: 0xff }).filter((code) => code !== 0x7f);
/** One character for each byte. */
export const anyBytes = (unit: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<string> =>
  fc.array(unit, { maxLength }).map((codes) => String.fromCharCode(...codes));
const word = anyBytes(character, 30);
const value = fc.array(word, { maxLength: 3 }).map((words) => words.filter(Boolean).join(' \t'));
// The prefix avoids names with a meaning.
const field = fc.tuple(
  token.map((name) => `X${name}`),
  value,
);
const body = anyBytes(fc.integer({ min: 0, max: 255 }), 40);

/** Well-formed responses of every kind. */
export const anyResponse: fc.Arbitrary<IntendedResponse> = fc.record({
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

/** The bytes on the wire, one character for each byte. */
export function bytesOf(response: IntendedResponse): string {
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

/** The expected result. */
export function meaningOf(response: IntendedResponse) {
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

function bodyOf(response: IntendedResponse): string {
  return bodiless(response) ? '' : response.pieces.join('');
}

function bodiless({ method, status }: IntendedResponse): boolean {
  return method === 'HEAD' || status === 204 || status === 304;
}

function lines(fields: readonly Field[]): string {
  return fields.map(([name, value]) => `${name}: \t${value}\r\n`).join('');
}
