import Type, { Compile } from '#typebox';

const count = Type.Integer({ minimum: 0 });
const instant = Type.String({ description: 'ISO 8601, UTC' });
const ms = Type.Number({ description: 'milliseconds' });

/** Response times of a series, milliseconds with microsecond resolution. All 0 where nothing finished. */
export const latencySummary = Type.Object(
  { min: ms, mean: ms, p50: ms, p90: ms, p95: ms, p99: ms, p99_9: ms, max: ms },
  { description: 'Response times in milliseconds. min and max are exact; quantiles are within 0.1 %.' },
);

/** Where the time of a request went, means in milliseconds. */
export const phaseMeans = Type.Object(
  { queued: ms, connect: ms, send: ms, wait: ms, receive: ms },
  { description: 'Where the time of a request went on average; absent where the protocol does not tell' },
);

function openingTime(description: string) {
  return Type.Object(latencySummary.properties, { description });
}

const counts = {
  requests: Type.Integer({ minimum: 0, description: 'All requests, whatever came of them' }),
  failures: count,
  interrupted: Type.Integer({
    minimum: 0,
    description: 'Cut off by the stop time-out: part of requests, no failures, without a response time',
  }),
  resends: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'Requests that were sent a second time, because the server closed a kept connection before it answered: no part of requests',
    }),
  ),
  rate: Type.Number({ description: 'requests per second, over the whole run' }),
  bytesSent: count,
  bytesReceived: count,
  latencyMs: latencySummary,
  phasesMs: Type.Optional(phaseMeans),
};

const key = { protocol: Type.String(), method: Type.String(), name: Type.String() };

export const seriesResult = Type.Object({
  ...key,
  user: Type.String({ description: 'user type' }),
  tags: Type.Record(Type.String(), Type.String()),
  part: Type.Optional(
    Type.Boolean({ description: 'times parts of requests, or several as a whole: not in the totals' }),
  ),
  ...counts,
});

export const totalsResult = Type.Object(counts);

export const errorResult = Type.Object({
  ...key,
  user: Type.String(),
  error: Type.String(),
  example: Type.Optional(
    Type.String({ description: 'what differs among them, of one: an address, the server’s message' }),
  ),
  occurrences: count,
  firstSeenAt: instant,
  lastSeenAt: instant,
});

export const checkResult = Type.Object({ name: Type.String(), passes: count, fails: count });

export const metricResult = Type.Union([
  Type.Object({
    name: Type.String(),
    kind: Type.Literal('counter'),
    sum: Type.Number(),
    rate: Type.Number(),
  }),
  Type.Object({
    name: Type.String(),
    kind: Type.Literal('gauge'),
    last: Type.Number(),
    min: Type.Number(),
    max: Type.Number(),
  }),
  Type.Object({
    name: Type.String(),
    kind: Type.Literal('rate'),
    hits: count,
    total: count,
    rate: Type.Number(),
  }),
  Type.Object({ name: Type.String(), kind: Type.Literal('trend'), count, values: latencySummary }),
]);

export const exceptionResult = Type.Object({
  user: Type.String(),
  task: Type.String(),
  message: Type.String(),
  stack: Type.String(),
  place: Type.Optional(
    Type.String({
      description: 'where in the scenario it was thrown: file, line and column; absent if unknown',
    }),
  ),
  occurrences: count,
  firstSeenAt: instant,
  lastSeenAt: instant,
});

export const connectionResult = Type.Object({
  protocol: Type.String({ description: 'http/1.1, h2, ws; (other) for all kinds beyond the first 100' }),
  tlsVersion: Type.String({ description: 'TLSv1.3; empty without TLS' }),
  cipher: Type.String({ description: 'TLS_AES_256_GCM_SHA384; empty without TLS' }),
  handshake: Type.Union(
    [Type.Literal('none'), Type.Literal('full'), Type.Literal('resumed'), Type.Literal('mixed')],
    { description: 'none without TLS; resumed continued an earlier session; mixed only of (other)' },
  ),
  opened: count,
  dnsMs: openingTime('Name look-up'),
  tcpMs: openingTime('TCP'),
  tlsMs: Type.Optional(openingTime('TLS handshake; absent without TLS')),
});

export const timelinePoint = Type.Object({
  at: instant,
  users: count,
  cutOffUsers: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'further users that workers out of reach may have been running; absent if there were none',
    }),
  ),
  requests: count,
  failures: count,
  failedChecks: Type.Optional(count),
  exceptions: Type.Optional(
    Type.Integer({ minimum: 0, description: 'thrown by the scenario’s own code in this second' }),
  ),
  p50Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
});

const machineResult = Type.Object({
  cpu: Type.String({ description: 'model' }),
  cores: count,
  memoryBytes: count,
  os: Type.String(),
});

export const workerResult = Type.Object({
  id: Type.String(),
  host: Type.String(),
  lanes: count,
  laneGroups: Type.Optional(
    Type.Array(Type.String(), { description: 'the group of each lane; all default without groups' }),
  ),
  state: Type.String(),
  requests: count,
  cpuPercent: Type.Object({
    control: Type.Number(),
    lanes: Type.Array(Type.Number(), { description: 'busiest second of each lane; 100 is one CPU' }),
  }),
  memoryBytes: count,
  drumline: Type.Optional(Type.String({ description: 'version of the worker' })),
  node: Type.Optional(Type.String({ description: 'version of Node on it' })),
  machine: Type.Optional(machineResult),
  longestHeartbeatGapMs: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'between two heartbeats, as they came to the master; one is sent every second unless told otherwise',
    }),
  ),
});

const stageResult = Type.Object({
  toUsers: count,
  durationMs: Type.Union([ms, Type.Null()], { description: '0 is a jump; null lasts until stopped' }),
});

export const planResult = Type.Object({
  load: Type.Object({ fromUsers: count, stages: Type.Array(stageResult) }),
  userTypes: Type.Array(
    Type.Object({
      name: Type.String(),
      weight: Type.Number(),
      fixedCount: Type.Optional(count),
      tasks: Type.Array(Type.String()),
    }),
  ),
  stopTimeoutMs: ms,
  tags: Type.Optional(Type.Array(Type.String())),
  excludeTags: Type.Optional(Type.Array(Type.String())),
});

const someRequests = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

export const lossResult = Type.Object({
  worker: Type.String(),
  lane: Type.Optional(Type.Integer({ minimum: 0, description: 'of a lane alone; absent of a whole worker' })),
  host: Type.String(),
  at: instant,
  reason: Type.String(),
  returned: Type.Boolean({ description: 'it came back and delivered everything it had counted' }),
  uncountedFrom: Type.Optional(
    Type.String({
      description: 'ISO 8601, UTC; requests that ended from here on may not be counted; absent if all are',
    }),
  ),
  uncountedAtMost: someRequests(
    'upper bound of the requests that are not counted: those until it must have stopped; absent if all are counted',
  ),
  uncountedLikely: someRequests(
    'requests that are not counted if it stopped when it was last heard, as a killed process does; absent if all are counted',
  ),
  uncountedBy: Type.Optional(
    Type.Union([Type.Literal('own-rate'), Type.Literal('rate-of-others'), Type.Literal('capacity')], {
      description:
        'what the numbers are based on: its own rate, the rate of users elsewhere in this run, or the most that lanes can send',
    }),
  ),
});

export const noteResult = Type.Object({ code: Type.String(), message: Type.String() });

export const verdict = Type.Union(
  [
    Type.Literal('passed'),
    Type.Literal('failed'),
    Type.Literal('stopped-early'),
    Type.Literal('nothing-measured'),
  ],
  { description: 'only `passed` is a pass; `stopped-early` had not failed until it was stopped' },
);

export const reasonResult = Type.Object({
  code: Type.String({
    description: 'requests-failed, checks-failed, exceptions, or the name of the exit code',
  }),
  message: Type.String(),
  count: Type.Optional(Type.Integer({ minimum: 0, description: 'how many requests, checks or exceptions' })),
});

/** The one object that scripts can rely on; also what `drumline report` reads. */
export const runResult = Type.Object(
  {
    schema: Type.Literal('drumline.result/1'),
    run: Type.Object({
      id: Type.String(),
      scenario: Type.String(),
      target: Type.Optional(Type.String()),
      state: Type.String(),
      startedAt: instant,
      endedAt: instant,
      durationMs: ms,
      drumline: Type.String({ description: 'version that made this' }),
      labels: Type.Optional(Type.Record(Type.String(), Type.String())),
    }),
    plan: Type.Optional(planResult),
    options: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'options that were given, by long name' }),
    ),
    verdict,
    exitCode: Type.Integer({ description: 'what the command exits with; see the catalogue of exit codes' }),
    exit: Type.String({ description: 'the name of the exit code' }),
    reasons: Type.Optional(
      Type.Array(reasonResult, { description: 'why the verdict is not `passed`; empty if it is' }),
    ),
    totals: totalsResult,
    series: Type.Array(seriesResult),
    errors: Type.Array(errorResult),
    checks: Type.Array(checkResult),
    metrics: Type.Array(metricResult),
    exceptions: Type.Array(exceptionResult, { description: 'thrown by the scenario’s own code' }),
    connections: Type.Optional(
      Type.Array(connectionResult, { description: 'connections that were opened, by kind' }),
    ),
    timeline: Type.Array(timelinePoint, { description: 'one point a second, on the master’s clock' }),
    workers: Type.Array(workerResult),
    losses: Type.Optional(
      Type.Array(lossResult, {
        description: 'workers and lanes that were lost, and what that left uncounted',
      }),
    ),
    notes: Type.Array(noteResult, { description: 'everything a reader must know to trust the numbers' }),
  },
  { $id: 'https://drumline.dev/schema/result-1.json', title: 'Result of a Drumline run' },
);

export type LatencyResult = Type.Static<typeof latencySummary>;
export type TotalsResult = Type.Static<typeof totalsResult>;
export type SeriesResult = Type.Static<typeof seriesResult>;
export type ErrorResult = Type.Static<typeof errorResult>;
export type MetricResult = Type.Static<typeof metricResult>;
export type ExceptionResult = Type.Static<typeof exceptionResult>;
export type PhaseMeansResult = Type.Static<typeof phaseMeans>;
export type ConnectionResult = Type.Static<typeof connectionResult>;
export type TimelinePoint = Type.Static<typeof timelinePoint>;
export type WorkerResult = Type.Static<typeof workerResult>;
export type PlanResult = Type.Static<typeof planResult>;
export type LossResult = Type.Static<typeof lossResult>;
export type Verdict = Type.Static<typeof verdict>;
export type ReasonResult = Type.Static<typeof reasonResult>;
export type NoteResult = Type.Static<typeof noteResult>;
export type RunResult = Type.Static<typeof runResult>;

/** Takes a value for a result, or says where it is none. */
export function readRunResult(value: unknown): { result: RunResult } | { problem: string } {
  const guard = Compile(runResult);
  if (guard.Check(value)) return { result: value };
  const [first] = guard.Errors(value);
  const where = first?.instancePath.slice(1).replaceAll('/', '.') || 'it';
  return { problem: `${where} ${first?.message ?? 'is wrong'}` };
}
