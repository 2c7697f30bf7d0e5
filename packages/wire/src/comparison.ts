// The comparison of two runs: the schemas of ./views/comparison.ts.
import Type from '#typebox';
import type { ComparisonView } from './views/comparison.js';
import type { Same } from './views/same.js';

const unknown = Type.Union([Type.Number(), Type.Null()]);
const verdict = Type.Union([
  Type.Literal('better'),
  Type.Literal('worse'),
  Type.Literal('same'),
  Type.Literal('cannot-tell'),
]);

const comparedRun = Type.Object({
  id: Type.String(),
  scenario: Type.String(),
  target: Type.Optional(Type.String()),
  labels: Type.Optional(Type.Record(Type.String(), Type.String())),
  startedAt: Type.String(),
  fromSecond: Type.Number(),
  toSecond: Type.Number(),
  requests: Type.Number(),
  rate: Type.Number(),
  meanUsers: Type.Number(),
});

const counts = {
  requests: Type.Object({ before: Type.Number(), after: Type.Number() }),
  verdict,
  statistics: Type.Array(
    Type.Object({
      name: Type.String(),
      before: unknown,
      after: unknown,
      change: unknown,
      low: unknown,
      high: unknown,
      verdict,
      word: Type.String(),
      text: Type.String(),
    }),
  ),
};

/** `GET /v1/compare` */
export const comparisonView = Type.Object({
  baseline: comparedRun,
  compared: comparedRun,
  remarks: Type.Array(Type.Object({ code: Type.String(), message: Type.String() })),
  confidence: Type.Number(),
  margin: Type.Object({ ratio: Type.Number(), errorRate: Type.Number() }),
  verdict,
  meaning: Type.String(),
  advice: Type.Optional(Type.String()),
  totals: Type.Object(counts),
  series: Type.Array(
    Type.Object({
      ...counts,
      protocol: Type.String(),
      method: Type.String(),
      name: Type.String(),
      user: Type.String(),
      tags: Type.Record(Type.String(), Type.String()),
      word: Type.String(),
    }),
  ),
  statuses: Type.Optional(
    Type.Array(
      Type.Object({
        status: Type.String(),
        requests: Type.Object({ before: Type.Number(), after: Type.Number() }),
        before: unknown,
        after: unknown,
        change: unknown,
        low: unknown,
        high: unknown,
        verdict: Type.Union([
          Type.Literal('more'),
          Type.Literal('fewer'),
          Type.Literal('same'),
          Type.Literal('cannot-tell'),
        ]),
      }),
    ),
  ),
  distribution: Type.Optional(
    Type.Object({
      edgesMs: Type.Array(Type.Number()),
      before: Type.Array(Type.Number()),
      after: Type.Array(Type.Number()),
    }),
  ),
});

true satisfies Same<Type.Static<typeof comparisonView>, ComparisonView>;
