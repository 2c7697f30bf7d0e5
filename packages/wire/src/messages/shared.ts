import {
  MAX_SHARED_NAME_LENGTH,
  MAX_SHARED_OPS,
  MAX_SHARED_VALUE_BYTES,
  type NumberRange,
  type SharedOp,
} from '@drumline/model';
import Type from '#typebox';
import { count, shortText } from './parts.js';

/** The most ranges of rows in an operation. */
const MAX_RANGES = 100_000;

const ranges = Type.Unsafe<readonly NumberRange[]>(
  Type.Array(Type.Tuple([count, count]), { maxItems: MAX_RANGES }),
);

/** See `RowsOp` of the model. */
const rowsOp = Type.Object({
  kind: Type.Literal('rows'),
  table: count,
  used: count,
  back: ranges,
  idle: count,
  need: count,
  want: count,
});

const name = Type.String({ maxLength: MAX_SHARED_NAME_LENGTH });
const json = Type.Optional(Type.String({ maxLength: MAX_SHARED_VALUE_BYTES }));

/** See `CounterOp`, `QueueOp` and `MapOp` of the model. */
const counterOp = Type.Object({ kind: Type.Literal('counter'), name, add: Type.Number() });
const queueOp = Type.Object({
  kind: Type.Literal('queue'),
  name,
  do: Type.Union([Type.Literal('push'), Type.Literal('pop'), Type.Literal('length')]),
  json,
  waits: Type.Optional(Type.Boolean()),
});
const mapOp = Type.Object({
  kind: Type.Literal('map'),
  name,
  do: Type.Union([
    Type.Literal('get'),
    Type.Literal('set'),
    Type.Literal('delete'),
    Type.Literal('add'),
    Type.Literal('replace'),
    Type.Literal('size'),
  ]),
  key: name,
  json,
  expected: Type.Optional(Type.Union([Type.String({ maxLength: MAX_SHARED_VALUE_BYTES }), Type.Null()])),
});

/** An operation on shared state. A new kind is a new member. */
const sharedOp = Type.Union([rowsOp, counterOp, queueOp, mapOp]);

/**
 * Operations of a lane on state that the master keeps. Sent again until it is answered; the master
 * applies it once.
 */
export const sharedRequest = Type.Object({
  type: Type.Literal('sharedRequest'),
  runId: shortText,
  lane: count,
  /** Number of the lane's process among those of the worker. */
  client: count,
  /** 1, 2, 3 … for each process of a lane. */
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  ops: Type.Array(sharedOp, { maxItems: MAX_SHARED_OPS }),
  /** The process of the lane has ended. */
  isOver: Type.Optional(Type.Boolean()),
});

/** Answers a request, one answer for each operation, once the changes would survive the master. */
export const sharedReply = Type.Object({
  type: Type.Literal('sharedReply'),
  runId: shortText,
  client: count,
  seq: count,
  answers: Type.Array(Type.Unknown(), { maxItems: MAX_SHARED_OPS }),
});

/** What a lane waits for may be there. Only a hint: the lane asks again by itself, too. */
export const sharedWake = Type.Object({
  type: Type.Literal('sharedWake'),
  runId: shortText,
  client: count,
  keys: Type.Array(shortText),
});

export type SharedRequestMessage = Type.Static<typeof sharedRequest>;
export type SharedReply = Type.Static<typeof sharedReply>;
export type SharedWake = Type.Static<typeof sharedWake>;

/** The schema accepts exactly the operations of the model. */
type Accepted = Type.Static<typeof sharedOp>;
true satisfies Accepted extends SharedOp ? true : false;
