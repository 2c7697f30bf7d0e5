import { isUserList } from '@drumline/model';
import { MAX_SECONDS } from '@drumline/stats';
import Type from '#typebox';

/** Of what is counted: exact in a double. */
export const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Of what is measured. */
export const amount = Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** An instant on a monotonic clock, milliseconds. */
export const clockMs = Type.Number({ minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });

/** Milliseconds since the start of a run. */
export const sinceStartMs = Type.Number({ minimum: 0, maximum: MAX_SECONDS * 1_000 });

export const text = Type.String({ maxLength: 65_536 });
export const shortText = Type.String({ maxLength: 256 });

/** What is shown on terminals as it came: without control characters. */
export const label = { pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' };
export const shortLabel = Type.String({ maxLength: 256, ...label });

/** Binary as it comes out of msgpack: a Buffer, which is a Uint8Array. */
export const bytes = Type.Refine(Type.Unsafe<Uint8Array>({}), (value) => ArrayBuffer.isView(value));

/** Indexes of users as `encodeUsers` writes them. */
export const userList = Type.Refine(
  Type.Unsafe<Uint8Array>({}),
  (value) => value instanceof Uint8Array && isUserList(value),
);
