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
      'requests-failed, checks-failed, exceptions, threshold-failed, starts-lost, starts-missing, no-limit-found, or the name of the exit code',
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

const limitStep = Type.Object({
  perSecond: Type.Number({ description: 'planned starts per second' }),
  heldSeconds: Type.Integer({ minimum: 1, description: 'seconds that were judged' }),
  observed: Type.Array(
    Type.Object({
      expression: Type.String(),
      unit: thresholdUnit,
      observed: Type.Union([Type.Number(), Type.Null()], { description: 'null without data' }),
      passed: Type.Boolean(),
    }),
    { description: 'the figure of each condition' },
  ),
  passed: Type.Boolean({ description: 'all conditions held, and the step can be trusted' }),
  untrusted: Type.Optional(
    Type.Object(
      { by: Type.Union([Type.Literal('generator'), Type.Literal('users')]), message: Type.String() },
      { description: 'why the step says nothing about the target' },
    ),
  ),
});

export const limitResult = Type.Object({
  perSecond: Type.Union([Type.Number(), Type.Null()], {
    description: 'highest rate at which all conditions held; null if there was none',
  }),
  reason: Type.Union(
    [
      Type.Literal('condition'),
      Type.Literal('generator'),
      Type.Literal('users'),
      Type.Literal('highest'),
      Type.Literal('stopped'),
    ],
    { description: 'why the search ended' },
  ),
  brokenAt: Type.Optional(Type.Number({ description: 'rate at which it ended; absent if that step passed' })),
  steps: Type.Array(limitStep),
});
