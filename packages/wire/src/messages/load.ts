import type { Load } from '@drumline/model';
import Type from '#typebox';
import { amount, count, text } from './parts.js';

const durationMs = Type.Union([amount, Type.Null()]);

const loadProfile = Type.Object({
  fromUsers: count,
  stages: Type.Array(Type.Object({ durationMs, toUsers: count })),
});

const rateProfile = Type.Object({
  fromPerSecond: amount,
  stages: Type.Array(Type.Object({ durationMs, toPerSecond: amount })),
});

const order = Type.Union([
  Type.Object({ kind: Type.Literal('even') }),
  Type.Object({ kind: Type.Literal('random'), seed: Type.Integer() }),
  Type.Object({
    kind: Type.Literal('listed'),
    file: text,
    count,
    speed: amount,
    table: count,
    shares: Type.Optional(Type.Array(count)),
  }),
]);

const workload = Type.Union([
  Type.Object({ kind: Type.Literal('users'), profile: loadProfile }),
  Type.Object({
    kind: Type.Literal('arrivals'),
    rate: rateProfile,
    order,
    maxConcurrent: Type.Optional(count),
  }),
  Type.Object({
    kind: Type.Literal('iterations'),
    rate: rateProfile,
    order,
    maxUsers: Type.Optional(count),
  }),
  Type.Object({
    kind: Type.Literal('fixed'),
    total: count,
    users: count,
    each: Type.Boolean(),
    limitMs: durationMs,
  }),
]);

const guard = Type.Object({
  parts: Type.Array(
    Type.Object({
      phase: text,
      types: Type.Array(count),
      startMs: Type.Union([amount, Type.Null()]),
      follows: Type.Optional(Type.Array(count)),
      workload,
    }),
  ),
  endMs: Type.Optional(amount),
});

/** Guard for `Load` of the model. */
export const load = Type.Unsafe<Load>(guard);

true satisfies Type.Static<typeof guard> extends Load ? true : never;
