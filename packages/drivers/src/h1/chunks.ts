import { isWhitespace } from '../engine/whitespace.js';
import type { Failure } from '../engine/failure.js';
import { ODDITIES, type Oddity } from '../engine/oddities.js';
import { CR, LF, SEMICOLON, SPACE, TAB, isText } from './bytes.js';
import { FAULTS } from './faults.js';
import { BROKEN, MORE } from './fields.js';

/** Limit on the line with the size of a chunk, extensions included. */
const MAX_LINE_BYTES = 16 * 1024;

const STATES = ['first', 'size', 'space', 'extension', 'lineEnd', 'dataEnd', 'dataLineEnd', 'data'] as const;
const CLASSES = ['hex', 'semicolon', 'space', 'cr', 'lf', 'text', 'control'] as const;
type State = (typeof STATES)[number];
type Class = (typeof CLASSES)[number];

/**
 * State transitions for the bytes between the data of two chunks: RFC 9112, section 7.1. Any other
 * byte is an error.
 */
const STEPS: Readonly<Record<State, Readonly<Partial<Record<Class, State>>>>> = {
  dataEnd: { cr: 'dataLineEnd' },
  dataLineEnd: { lf: 'first' },
  first: { hex: 'size' },
  size: { hex: 'size', space: 'space', semicolon: 'extension', cr: 'lineEnd' },
  space: { space: 'space', semicolon: 'extension' },
  extension: {
    hex: 'extension',
    semicolon: 'extension',
    space: 'extension',
    text: 'extension',
    cr: 'lineEnd',
  },
  lineEnd: { lf: 'data' },
  data: {},
};

/**
 * Additional transitions for lenient reading: whitespace around the size, as curl and Python accept
 * them, and bare line feeds.
 */
const LENIENT_STEPS: Readonly<Partial<Record<State, Readonly<Partial<Record<Class, State>>>>>> = {
  dataEnd: { lf: 'first' },
  first: { space: 'first' },
  size: { lf: 'data' },
  space: { cr: 'lineEnd', lf: 'data' },
  extension: { lf: 'data' },
};

const FAULT_IN: Readonly<Record<State, Failure>> = {
  dataEnd: FAULTS.chunkEnd,
  dataLineEnd: FAULTS.lineBreak,
  first: FAULTS.chunkSize,
  size: FAULTS.chunkSize,
  space: FAULTS.chunkSize,
  extension: FAULTS.chunkExtension,
  lineEnd: FAULTS.lineBreak,
  data: FAULTS.chunkSize,
};

const BROKEN_STEP = 255;
const FIRST = STATES.indexOf('first');
const SIZE = STATES.indexOf('size');
const DATA = STATES.indexOf('data');
const SPACE_AFTER = STATES.indexOf('space');
const DATA_END = STATES.indexOf('dataEnd');
const NEXT = tableOf(STEPS);
const LENIENT_NEXT = tableOf(LENIENT_STEPS);
const CLASS_OF = Uint8Array.from({ length: 256 }, (_, byte) => CLASSES.indexOf(classOf(byte)));

/** Reads the bytes between the data of chunks. */
export class ChunkScanner {
  failure: Failure | undefined;
  /** Size in the last chunk line read. 0: it was the last chunk, and the trailers follow. */
  sizeBytes = 0;
  #state = FIRST;
  #lineBytes = 0;

  /** @param onOddity receives violations of the standard; without it they are errors */
  constructor(private readonly onOddity?: (oddity: Oddity) => void) {}

  /** The body starts. */
  begin(): void {
    this.#start(FIRST);
  }

  /** The data of a chunk has ended. */
  dataEnded(): void {
    this.#start(DATA_END);
  }

  /** @returns where the data (or the trailers) start; `MORE`; or `BROKEN`, see `failure` */
  scan(bytes: Buffer, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      const next = NEXT[this.#state * CLASSES.length + CLASS_OF[byte]!]!;
      if (next === BROKEN_STEP) return this.#scanLeniently(bytes, at, end);
      this.#state = next;
      if (++this.#lineBytes > MAX_LINE_BYTES) return this.#break(FAULTS.chunkLine);
      if (next === DATA) return at + 1;
      if (next === SIZE) {
        this.sizeBytes = this.sizeBytes * 16 + (byte & 0x0f) + (byte >> 6) * 9;
        if (this.sizeBytes > Number.MAX_SAFE_INTEGER) return this.#break(FAULTS.chunkTooLarge);
      }
    }
    return MORE;
  }

  /** Continues at a byte that the strict rules do not allow. */
  #scanLeniently(bytes: Buffer, at: number, end: number): number {
    const byte = bytes[at]!;
    const state = this.#state;
    const next = LENIENT_NEXT[state * CLASSES.length + CLASS_OF[byte]!]!;
    if (this.onOddity === undefined || next === BROKEN_STEP) return this.#break(FAULT_IN[STATES[state]!]);
    let after = at + 1;
    if (next === FIRST && byte !== LF) while (after < end && isWhitespace(bytes[after]!)) after++;
    this.#lineBytes += after - at;
    if (this.#lineBytes > MAX_LINE_BYTES) return this.#break(FAULTS.chunkLine);
    if (byte === LF) this.onOddity(ODDITIES.lineFeed);
    if (byte !== LF || state === SPACE_AFTER) this.onOddity(ODDITIES.chunkWhitespace);
    this.#state = next;
    return next === DATA ? after : this.scan(bytes, after, end);
  }

  #start(state: number): void {
    this.#state = state;
    this.#lineBytes = 0;
    this.sizeBytes = 0;
  }

  #break(failure: Failure): number {
    this.failure = failure;
    return BROKEN;
  }
}

function tableOf(steps: typeof LENIENT_STEPS): Uint8Array {
  return Uint8Array.from(
    STATES.flatMap((state) =>
      CLASSES.map((kind) => {
        const next = steps[state]?.[kind];
        return next === undefined ? BROKEN_STEP : STATES.indexOf(next);
      }),
    ),
  );
}

function classOf(byte: number): Class {
  if (byte === CR) return 'cr';
  if (byte === LF) return 'lf';
  if (byte === SEMICOLON) return 'semicolon';
  if (byte === SPACE || byte === TAB) return 'space';
  if (/[0-9a-f]/i.test(String.fromCharCode(byte))) return 'hex';
  return isText(byte) ? 'text' : 'control';
}
