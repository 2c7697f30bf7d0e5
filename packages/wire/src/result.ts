import Type, { Compile } from '#typebox';
import { key, latencySummary, seriesResult, totalsResult } from './result-requests.js';
import { lossResult } from './loss-result.js';
import { rowsResult } from './rows-result.js';
import { sharedResult } from './shared-result.js';
import { limitResult, reasonResult, thresholdResult, untrustedResult, verdict } from './verdict-result.js';
import { annotationView } from './annotation.js';
import { outputView } from './output.js';
import type { RunResult } from './views/result.js';
import type { Same } from './views/same.js';
import { timelinePoint } from './timeline-result.js';
import { scheduleResult, workloadResult } from './workload-result.js';

const count = Type.Integer({ minimum: 0 });
const instant = Type.String({ description: 'ISO 8601, UTC' });
const ms = Type.Number({ description: 'milliseconds' });

function openingTime(description: string) {
  return Type.Object(latencySummary.properties, { description });
}

const failureSampleResult = Type.Object({
  at: instant,
  request: Type.String({ description: 'request line, headers and the start of the body; no credentials' }),
  response: Type.Optional(
    Type.String({ description: 'status line, headers and the start of the body; absent without a response' }),
  ),
});

export const errorResult = Type.Object({
  ...key,
  user: Type.String(),
  tags: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'tags of the series; absent if it has none' }),
  ),
  error: Type.String(),
  example: Type.Optional(
    Type.String({ description: 'details of one of them, such as an address or the server’s message' }),
  ),
  occurrences: count,
  firstSeenAt: instant,
  lastSeenAt: instant,
  samples: Type.Optional(
    Type.Array(failureSampleResult, { description: 'a few of the failed requests; only in the result' }),
  ),
});

const tagsOfName = Type.Optional(Type.Record(Type.String(), Type.String()));

export const checkResult = Type.Object({
  name: Type.String(),
  tags: tagsOfName,
  passes: count,
  fails: count,
});

export const metricResult = Type.Union([
  Type.Object({
    name: Type.String(),
    tags: tagsOfName,
    kind: Type.Literal('counter'),
    sum: Type.Number(),
    rate: Type.Number(),
  }),
  Type.Object({
    name: Type.String(),
    tags: tagsOfName,
    kind: Type.Literal('gauge'),
    last: Type.Number(),
    min: Type.Number(),
    max: Type.Number(),
  }),
  Type.Object({
    name: Type.String(),
    tags: tagsOfName,
    kind: Type.Literal('rate'),
    hits: count,
    total: count,
    rate: Type.Number(),
  }),
  Type.Object({
    name: Type.String(),
    tags: tagsOfName,
    kind: Type.Literal('trend'),
    count,
    values: latencySummary,
  }),
]);

export const exceptionResult = Type.Object({
  user: Type.String(),
  task: Type.String(),
  message: Type.String(),
  stack: Type.String(),
  place: Type.Optional(
    Type.String({
      description: 'file, line and column in the scenario; absent if unknown',
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
    { description: 'none: without TLS. resumed: continued an earlier session. mixed: only for (other)' },
  ),
  opened: count,
  dnsMs: openingTime('DNS lookup'),
  tcpMs: openingTime('TCP'),
  tlsMs: Type.Optional(openingTime('TLS handshake; absent without TLS')),
});

const reachedLimit = Type.Object({
  most: count,
  limit: Type.Integer({ minimum: 0, description: 'what the machine of the worker allows' }),
});

const reachedResult = Type.Object({
  openFiles: Type.Optional(reachedLimit),
  localPorts: Type.Optional(reachedLimit),
  throttledMs: Type.Optional(
    Type.Integer({ minimum: 0, description: 'how long the CPU quota stopped the processes during the run' }),
  ),
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
    Type.Array(Type.String(), { description: 'lane group of each lane; default without groups' }),
  ),
  state: Type.String(),
  requests: count,
  cpuPercent: Type.Object({
    control: Type.Number(),
    lanes: Type.Array(Type.Number(), { description: 'busiest second of each lane; 100 is one CPU' }),
  }),
  memoryBytes: count,
  drumline: Type.Optional(Type.String({ description: 'version of the worker' })),
  node: Type.Optional(Type.String({ description: 'version of Node on the worker' })),
  machine: Type.Optional(machineResult),
  longestHeartbeatGapMs: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'longest time between two heartbeats at the master; they are sent every second by default',
    }),
  ),
  reached: Type.Optional(reachedResult),
});

const loadPartResult = Type.Object({
  phase: Type.String({ description: 'name of its phase; empty if the load has no phases' }),
  userTypes: Type.Array(Type.String(), { description: 'names of its user types' }),
  startMs: Type.Union([ms, Type.Null()], {
    description: 'since the start of the run, without pauses; null after a part of unknown length',
  }),
  workload: workloadResult,
  text: Type.String({ description: 'the part as a sentence' }),
});

export const planResult = Type.Object({
  load: Type.Object({
    parts: Type.Array(loadPartResult, { description: 'workloads that run in turn or side by side' }),
  }),
  seed: Type.Integer({ minimum: 0, description: 'number from which random orders are computed' }),
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

export const noteResult = Type.Object({ code: Type.String(), message: Type.String() });

/** The result of a run: a stable format for scripts, and the input of `drumline report`. */
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
      drumline: Type.String({ description: 'version that wrote this result' }),
      labels: Type.Optional(Type.Record(Type.String(), Type.String())),
      parameters: Type.Optional(
        Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
          description: 'values of the scenario’s parameters',
        }),
      ),
    }),
    plan: Type.Optional(planResult),
    options: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'command-line options by long name' }),
    ),
    verdict,
    exitCode: Type.Integer({ description: 'exit code of the command; see the list of exit codes' }),
    exit: Type.String({ description: 'name of the exit code' }),
    reasons: Type.Optional(
      Type.Array(reasonResult, { description: 'why the verdict is not `passed`; empty if it is' }),
    ),
    thresholds: Type.Optional(
      Type.Array(thresholdResult, { description: 'in the order of the plan; absent without thresholds' }),
    ),
    limit: Type.Optional(limitResult),
    totals: totalsResult,
    series: Type.Array(seriesResult),
    errors: Type.Array(errorResult),
    checks: Type.Array(checkResult),
    metrics: Type.Array(metricResult),
    exceptions: Type.Array(exceptionResult, { description: 'exceptions in the code of the scenario' }),
    connections: Type.Optional(Type.Array(connectionResult, { description: 'opened connections by kind' })),
    rows: Type.Optional(Type.Array(rowsResult, { description: 'test data that is used once or borrowed' })),
    shared: Type.Optional(sharedResult),
    schedule: Type.Optional(
      Type.Array(scheduleResult, { description: 'arrivals and iterations by user type and phase' }),
    ),
    timeline: Type.Array(timelinePoint, { description: 'one point per second, on the master’s clock' }),
    coarseSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'seconds for which response times of single series are known in windows only',
      }),
    ),
    untrusted: Type.Optional(
      Type.Array(untrustedResult, {
        description: 'seconds in which the generator was the bottleneck; absent if there were none',
      }),
    ),
    workers: Type.Array(workerResult),
    losses: Type.Optional(
      Type.Array(lossResult, {
        description: 'lost workers and lanes, with their uncounted requests',
      }),
    ),
    outputs: Type.Optional(
      Type.Array(outputView, {
        description: 'where the seconds of the run were written while it ran; absent if nowhere',
      }),
    ),
    annotations: Type.Optional(
      Type.Array(annotationView, { description: 'remarks at instants of the run; absent if there are none' }),
    ),
    notes: Type.Array(noteResult, { description: 'everything a reader must know to interpret the figures' }),
  },
  { $id: 'https://drumline.dev/schema/result-1.json', title: 'Result of a Drumline run' },
);

true satisfies Same<Type.Static<typeof runResult>, RunResult>;

/** Validates a result, or returns the first problem with its path. */
export function readRunResult(value: unknown): { result: RunResult } | { problem: string } {
  const guard = Compile(runResult);
  if (guard.Check(value)) return { result: value };
  const [first] = guard.Errors(value);
  const where = first?.instancePath.slice(1).replaceAll('/', '.') || 'it';
  return { problem: `${where} ${first?.message ?? 'is invalid'}` };
}
