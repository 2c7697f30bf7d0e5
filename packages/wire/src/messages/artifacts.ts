import Type from '#typebox';
import { count, shortText, text } from './parts.js';

/** A file that workers fetch. `id` is the SHA-256 of its bytes, hexadecimal: a name for files. */
export const artifact = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{64}$' }), size: count });

/** A table of test data. */
export const table = Type.Object({
  name: text,
  format: Type.Union([
    Type.Literal('csv'),
    Type.Literal('ndjson'),
    Type.Literal('lines'),
    Type.Literal('files'),
    Type.Literal('times'),
  ]),
  rows: count,
  columns: Type.Optional(Type.Array(text)),
  delimiter: Type.Optional(shortText),
  /** Seeds shuffled and random orders. */
  seed: count,
  data: artifact,
  index: artifact,
  contents: Type.Optional(artifact),
  /** Rows of such tables are leased from the master. */
  use: Type.Optional(Type.Union([Type.Literal('once'), Type.Literal('borrow')])),
  whenEmpty: Type.Optional(
    Type.Union([
      Type.Literal('wait'),
      Type.Literal('repeat'),
      Type.Literal('stop-user'),
      Type.Literal('stop-run'),
    ]),
  ),
});
