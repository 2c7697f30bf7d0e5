import type { IntervalDelta, NamedKey, RareCounts } from '@drumline/stats';
import Type from '#typebox';
import { amount, bytes, count, sinceStartMs, text } from './parts.js';

const seriesKey = Type.Object({
  protocol: text,
  method: text,
  name: text,
  user: text,
  tags: Type.Array(Type.Tuple([text, text])),
});

const errorDelta = Type.Object({
  error: text,
  example: Type.Optional(text),
  occurrences: count,
  firstSeenAtMs: sinceStartMs,
  lastSeenAtMs: sinceStartMs,
});

const phasesDelta = Type.Object({
  requests: count,
  lateMs: Type.Optional(amount),
  queuedMs: amount,
  connectMs: amount,
  sendMs: amount,
  waitMs: amount,
  receiveMs: amount,
});

const seriesDelta = Type.Object({
  key: seriesKey,
  requests: count,
  failures: count,
  interrupted: count,
  resends: Type.Optional(count),
  bytesSent: count,
  bytesReceived: count,
  latency: bytes,
  service: Type.Optional(bytes),
  phases: Type.Optional(phasesDelta),
  statuses: Type.Optional(Type.Array(Type.Tuple([count, count]))),
  errors: Type.Array(errorDelta),
});

const metricDelta = Type.Union([
  Type.Object({ kind: Type.Literal('counter'), name: text, sum: Type.Number() }),
  Type.Object({
    kind: Type.Literal('gauge'),
    name: text,
    last: Type.Number(),
    lastAtMs: sinceStartMs,
    min: Type.Number(),
    max: Type.Number(),
  }),
  Type.Object({ kind: Type.Literal('rate'), name: text, hits: count, total: count }),
  Type.Object({ kind: Type.Literal('trend'), name: text, values: bytes }),
]);

const exceptionDelta = Type.Object({
  user: text,
  task: text,
  message: text,
  stack: text,
  occurrences: count,
  firstSeenAtMs: sinceStartMs,
  lastSeenAtMs: sinceStartMs,
});

const connectionDelta = Type.Object({
  kind: Type.Object({
    protocol: text,
    tlsVersion: text,
    cipher: text,
    handshake: Type.Union([
      Type.Literal('none'),
      Type.Literal('full'),
      Type.Literal('resumed'),
      Type.Literal('mixed'),
    ]),
  }),
  opened: count,
  dns: bytes,
  tcp: bytes,
  tls: bytes,
});

const scheduleDelta = Type.Object({
  user: text,
  phase: text,
  started: count,
  late: count,
  dropped: count,
  skipped: count,
});

const failureSample = Type.Object({
  key: seriesKey,
  error: text,
  atMs: sinceStartMs,
  request: text,
  response: Type.Optional(text),
});

const span = Type.Object({
  key: seriesKey,
  traceId: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  spanId: Type.Optional(Type.String({ pattern: '^[0-9a-f]{16}$' })),
  endedAtMs: sinceStartMs,
  durationUs: amount,
  lateMs: Type.Optional(amount),
  status: Type.Optional(Type.Union([Type.Number(), text])),
  error: Type.Optional(text),
  isInterrupted: Type.Optional(Type.Literal(true)),
  phases: Type.Optional(
    Type.Object({ queuedMs: amount, connectMs: amount, sendMs: amount, waitMs: amount, receiveMs: amount }),
  ),
});

const rareLists = {
  second: count,
  metrics: Type.Array(metricDelta),
  exceptions: Type.Array(exceptionDelta),
  connections: Type.Optional(Type.Array(connectionDelta)),
  schedule: Type.Optional(Type.Array(scheduleDelta)),
  failureSamples: Type.Optional(Type.Array(failureSample)),
  spans: Type.Optional(Type.Array(span)),
  unlisted: Type.Optional(bytes),
};

const windowDelta = Type.Object({
  key: seriesKey,
  fromSecond: count,
  latency: bytes,
  service: Type.Optional(bytes),
});

/** Guard for `IntervalDelta` of the stats package. */
const intervalGuard = Type.Object({
  ...rareLists,
  coarseLatency: Type.Optional(bytes),
  windows: Type.Optional(Type.Array(windowDelta)),
  series: Type.Array(seriesDelta),
  checks: Type.Array(Type.Object({ name: text, passes: count, fails: count })),
});

const rareGuard = Type.Object(rareLists);
const keyGuard = Type.Tuple([count, Type.Union([seriesKey, text])]);

export const intervalDelta = Type.Unsafe<IntervalDelta>(intervalGuard);
export const rareCounts = Type.Unsafe<RareCounts>(rareGuard);
export const namedKey = Type.Unsafe<NamedKey>(keyGuard);

/** Does not compile if a guard and its type differ. */
type Matches<Guard extends Type.TSchema, T> = Type.Static<Guard> extends T ? true : never;
true satisfies Matches<typeof intervalGuard, IntervalDelta>;
true satisfies Matches<typeof rareGuard, RareCounts>;
true satisfies Matches<typeof keyGuard, NamedKey>;
