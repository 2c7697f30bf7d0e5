// The schemas of the verdict, its reasons and the thresholds of a result.
import Type from '#typebox';

const ms = Type.Number({ description: 'milliseconds' });

export const thresholdUnit = Type.Union(
  [
    Type.Literal('ms'),
    Type.Literal('share'),
    Type.Literal('count'),
    Type.Literal('per-second'),
    Type.Literal('value'),
  ],
  { description: 'unit of observed and limit; a share is from 0 to 1' },
);

export const thresholdResult = Type.Object({
  expression: Type.String(),
  of: Type.String({ description: 'what was judged, such as POST /orders; empty for the whole run' }),
  unit: thresholdUnit,
  observed: Type.Union([Type.Number(), Type.Null()], {
    description: 'figure of the run, or of the worst window; null if there was no data',
  }),
  limit: Type.Number(),
  passed: Type.Boolean(),
  firstBrokenAtMs: Type.Optional(
    Type.Number({ description: 'milliseconds from the start; absent if it was never broken' }),
  ),
  brokenForMs: ms,
  margin: Type.Optional(
    Type.Number({ description: 'distance from the limit as a share of the limit; negative if it failed' }),
  ),
  aborted: Type.Optional(Type.Boolean({ description: 'whether it ended the run' })),
  problem: Type.Optional(Type.String({ description: 'why it could not be judged' })),
});

export const verdict = Type.Union(
  [
    Type.Literal('passed'),
    Type.Literal('failed'),
    Type.Literal('stopped-early'),
    Type.Literal('nothing-measured'),
  ],
  { description: 'Only `passed` is a pass. `stopped-early` had no failures until it was stopped' },
);

export const reasonResult = Type.Object({
  code: Type.String({
    description:
      'requests-failed, checks-failed, exceptions, threshold-failed, starts-lost, or the name of the exit code',
  }),
  message: Type.String(),
  count: Type.Optional(
    Type.Integer({ minimum: 0, description: 'number of requests, checks, exceptions or starts' }),
  ),
});

export const untrustedResult = Type.Object({
  worker: Type.String(),
  from: Type.String({ description: 'ISO 8601, UTC; start of the first second' }),
  seconds: Type.Integer({ minimum: 1, description: 'seconds in a row' }),
  cause: Type.String({ description: 'the worst cause in these seconds' }),
});
