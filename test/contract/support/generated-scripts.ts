import fc from 'fast-check';
import type { Field, Script } from './scripted-grpc.js';

const name = fc.string({ unit: fc.constantFrom(...'abcxyz019._-'.split('')), minLength: 1, maxLength: 12 });
const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 40 }).map((text) => text.trim());
const bytes = fc.uint8Array({ maxLength: 40 }).map((content) => Buffer.from(content).toString('base64'));

const field: fc.Arbitrary<Field> = fc.oneof(
  fc.tuple(
    name.filter((text) => !text.endsWith('-bin')).map((text) => `x-${text}`),
    printable,
  ),
  fc.tuple(
    name.map((text) => `x-${text}-bin`),
    bytes,
  ),
);
/** Unique names; values without outer spaces. */
export const anyMetadata = fc.uniqueArray(field, { maxLength: 5, selector: ([key]) => key });

const length = fc.oneof(fc.nat(10), fc.nat(40_000));

export const anyScript: fc.Arbitrary<Script> = fc.record({
  initial: anyMetadata,
  messages: fc.array(length, { maxLength: 5 }),
  echo: fc.boolean(),
  mirror: fc.boolean(),
  status: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 16 })),
  details: fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.trim()),
  trailers: anyMetadata,
  gzip: fc.boolean(),
});

/** Messages that a call sends after its script. */
export const anyMessages = fc.array(
  length.map((size) => Buffer.alloc(size, 's')),
  { maxLength: 4 },
);
