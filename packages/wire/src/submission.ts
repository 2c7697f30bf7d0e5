import { MAX_WAIT_MS, MAX_WORKERS } from '@drumline/model';
import Type, { Compile } from '#typebox';
import { artifact, table } from './messages/artifacts.js';
import { load } from './messages/load.js';
import { quantilesEvery } from './messages/master.js';
import { amount, count, shortLabel, shortText, text } from './messages/parts.js';
import type { Submission } from './views/submission.js';

const texts = Type.Array(text);
const byName = <T extends Type.TSchema>(value: T) => Type.Record(Type.String(), value);
const tags = Type.Optional(Type.Array(Type.Tuple([text, text])));

const condition = {
  expression: text,
  statistic: text,
  operator: Type.Union(['<', '<=', '>', '>=', '=='].map((sign) => Type.Literal(sign))),
  limit: Type.Number(),
  unit: Type.Union(['ms', 'share', 'count', 'per-second', 'value'].map((unit) => Type.Literal(unit))),
  windowSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
};

const subject = Type.Union([
  Type.Object({
    kind: Type.Literal('requests'),
    request: Type.Optional(text),
    protocol: Type.Optional(text),
    method: Type.Optional(text),
    name: Type.Optional(text),
    user: Type.Optional(text),
    tags,
  }),
  Type.Object({ kind: Type.Union([Type.Literal('check'), Type.Literal('metric')]), name: text, tags }),
]);

const threshold = Type.Object({
  ...condition,
  subject,
  abort: Type.Optional(Type.Object({ afterMs: amount })),
});

const controller = Type.Union([
  Type.Object({ kind: Type.Literal('shape'), spawnRate: Type.Optional(amount) }),
  Type.Object({
    kind: Type.Literal('findLimit'),
    fromPerSecond: amount,
    toPerSecond: amount,
    step: Type.Union([Type.Object({ factor: amount }), Type.Object({ perSecond: amount })]),
    holdMs: amount,
    settleMs: amount,
    refine: Type.Optional(count),
    while: Type.Array(Type.Object(condition), { minItems: 1 }),
  }),
]);

const plan = Type.Object({
  name: shortLabel,
  target: Type.Optional(text),
  userTypes: Type.Array(
    Type.Object({
      name: text,
      weight: amount,
      fixedCount: Type.Optional(count),
      laneGroup: text,
      tasks: texts,
      connections: Type.Optional(count),
    }),
    { minItems: 1 },
  ),
  laneGroups: Type.Array(
    Type.Object({ name: text, users: count, lanes: Type.Optional(Type.Integer({ minimum: 1 })) }),
    { minItems: 1 },
  ),
  load,
  controller: Type.Optional(controller),
  seed: count,
  tags: Type.Object({ include: texts, exclude: texts }),
  stopTimeoutMs: amount,
  maxSeries: Type.Integer({ minimum: 1 }),
  failureSamples: Type.Optional(count),
  outputs: Type.Optional(texts),
  hasSetup: Type.Boolean(),
  hasTeardown: Type.Boolean(),
  environment: Type.Optional(byName(text)),
  variablesHere: Type.Optional(texts),
  sourceAddresses: Type.Optional(count),
  labels: Type.Optional(byName(text)),
  parameters: Type.Optional(byName(Type.Union([text, Type.Number(), Type.Boolean()]))),
  tables: Type.Optional(Type.Array(table)),
  parameterFacts: Type.Optional(
    Type.Array(
      Type.Object({
        name: text,
        source: Type.Union(['default', 'given', 'environment', 'unset'].map((from) => Type.Literal(from))),
        help: Type.Optional(text),
        env: Type.Optional(text),
        secret: Type.Optional(Type.Literal(true)),
      }),
    ),
  ),
  thresholds: Type.Optional(Type.Array(threshold)),
  masterHooks: texts,
});

const choice = (...values: readonly string[]) =>
  Type.Optional(Type.Union(values.map((value) => Type.Literal(value))));

const guard = Type.Object({
  scenario: shortLabel,
  bundle: artifact,
  plan,
  warnings: Type.Optional(
    Type.Array(Type.Object({ code: shortText, where: text, message: text, hint: Type.Optional(text) })),
  ),
  secrets: Type.Optional(byName(text)),
  outputs: Type.Optional(texts),
  workers: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_WORKERS })),
  options: Type.Optional(
    Type.Object({
      onWorkerLost: choice('rebalance', 'wait', 'continue', 'fail'),
      keepGoing: Type.Optional(Type.Boolean()),
      force: Type.Optional(Type.Boolean()),
      autostart: Type.Optional(Type.Boolean()),
      untrusted: choice('warn', 'fail'),
      quantilesEverySeconds: Type.Optional(quantilesEvery),
      given: Type.Optional(byName(text)),
    }),
  ),
  maxWaitMs: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_WAIT_MS })),
});

/** How much of a file was uploaded. */
export const uploadView = Type.Object({ bytes: count });

/** The files that were not uploaded yet, by their hashes. */
export const missingArtifacts = Type.Object({ missing: texts });

/** Body of `POST /v1/runs`. */
export const submission = Type.Unsafe<Submission>(guard);

let compiled: ReturnType<typeof compile> | undefined;
const compile = () => Compile(guard);

/** What is wrong with a submission from elsewhere; undefined if it has the right form. */
export function findSubmissionProblem(value: unknown): string | undefined {
  compiled ??= compile();
  if (compiled.Check(value)) return undefined;
  const [first] = compiled.Errors(value);
  const where = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  return `${where === '' ? 'the body' : where} ${first?.message ?? 'is invalid'}`;
}
