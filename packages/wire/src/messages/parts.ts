import { isUserList } from '@drumline/model';
import { MAX_SECONDS } from '@drumline/stats';
import Type from '#typebox';

/** A count, exact as a double. */
export const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** A measured amount. */
export const amount = Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** A time on a monotonic clock, in milliseconds. */
export const clockMs = Type.Number({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });

/** Milliseconds since the start of a run. */
export const sinceStartMs = Type.Number({ minimum: 0, maximum: MAX_SECONDS * 1_000 });

export const text = Type.String({ maxLength: 65_536 });
export const shortText = Type.String({ maxLength: 256 });

/** Text for terminals, without control characters. */
export const label = { pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' };
export const shortLabel = Type.String({ maxLength: 256, ...label });

/** Binary data as decoded by msgpack. */
export const bytes = Type.Refine(Type.Unsafe<Uint8Array>({}), (value) => ArrayBuffer.isView(value));

/** Indexes of users, encoded by `encodeUsers`. */
export const userList = Type.Refine(
  Type.Unsafe<Uint8Array>({}),
  (value) => value instanceof Uint8Array && isUserList(value),
);
