import Type from '#typebox';
import { tapEvent } from './events.js';
import { key, seriesResult, totalsResult } from './result-requests.js';
import {
  checkResult,
  connectionResult,
  errorResult,
  exceptionResult,
  metricResult,
  runResult,
} from './result.js';
import type {
  QuantileLadder,
  TapCounted,
  TapDetail,
  TapEnd,
  TapLate,
  TapLine,
  TapLost,
  TapSecond,
  TapSeries,
  TapTotals,
} from './views/tap.js';
import type { Same } from './views/same.js';
import { scheduleResult, startCounts } from './workload-result.js';

const count = Type.Integer({ minimum: 0 });
const ms = Type.Number({ minimum: 0, description: 'milliseconds' });
const seconds = Type.Integer({ minimum: 1, description: 'the number of seconds' });
const fromSecond = Type.Integer({
  minimum: 0,
  description: 'the first of the seconds: whole seconds since the start of the run',
});
const timeOf = (what: string) =>
  Type.Optional(
    Type.Number({
      minimum: 0,
      description: `${what} of the response times in milliseconds; absent if none are known in this second`,
    }),
  );

const head = {
  schema: Type.Literal('drumline.tap/1'),
  seq: Type.Integer({
    minimum: 1,
    description: '1 for the first record of the run. Without gaps, also if another master resumes the run',
  }),
  run: Type.String({ description: 'id of the run' }),
  scenario: Type.String(),
  second: Type.Integer({
    minimum: 0,
    description: 'the newest second that the record contains: whole seconds since the start of the run',
  }),
  at: Type.String({ description: 'start of the time that the record covers, ISO 8601, UTC' }),
};

const state = {
  users: Type.Integer({ minimum: 0, description: 'running users, as the workers last reported them' }),
  plannedUsers: count,
  plannedRate: Type.Optional(
    Type.Number({
      minimum: 0,
      description: 'starts per second that the load asks for; absent if no part of it has a rate',
    }),
  ),
  cutOffUsers: Type.Integer({
    minimum: 0,
    description: 'users that may have run on unreachable workers as well',
  }),
  workers: Type.Object({ present: count, missing: count }),
  busiestLane: Type.Number({
    minimum: 0,
    description: 'of the lane that was least idle: the part of the time in which it was not idle, 0 to 1',
  }),
};

const sums = { requests: count, failures: count, interrupted: count, bytesSent: count, bytesReceived: count };
const exceptions = Type.Integer({ minimum: 0, description: 'thrown by the scenario’s own code' });

/** A part that is described once in the schema, under `$defs`. */
function partOf<T extends Type.TSchema>(name: string, _part: T, description?: string) {
  return Type.Unsafe<Type.Static<T>>({ $ref: `#/$defs/${name}`, ...(description && { description }) });
}

const tapTotals = Type.Object(
  {
    ...totalsResult.properties,
    failedChecks: count,
    exceptions,
    starts: Type.Optional(startCounts),
  },
  { description: 'over all series, except those that time parts of requests' },
);
true satisfies Same<Type.Static<typeof tapTotals>, TapTotals>;

const tapSeries = Type.Object(
  {
    ...key,
    user: Type.String({ description: 'user type' }),
    tags: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'absent if the series has none' }),
    ),
    part: Type.Optional(
      Type.Literal(true, {
        description: 'times parts or groups of requests; not included in the totals',
      }),
    ),
    ...sums,
    p50Ms: timeOf('median'),
    p95Ms: timeOf('95th percentile'),
    p99Ms: timeOf('99th percentile'),
    maxMs: timeOf('largest'),
  },
  { description: 'the short figures of a series' },
);
true satisfies Same<Type.Static<typeof tapSeries>, TapSeries>;

const tapSum = Type.Object(
  {
    fromSecond: Type.Integer({
      minimum: 0,
      description: '0, or the second of a reset, or that from which another master resumed the run',
    }),
    ...sums,
    failedChecks: count,
    exceptions,
    started: count,
    late: count,
    dropped: count,
  },
  { description: 'what the records have counted in all, with what was late' },
);

const tapLate = Type.Object({
  fromSecond,
  seconds,
  totals: partOf('totals', tapTotals),
  series: Type.Array(partOf('series', tapSeries)),
});
true satisfies Same<Type.Static<typeof tapLate>, TapLate>;
const late = partOf(
  'late',
  tapLate,
  'what earlier seconds have gained since, because a worker reported late; absent if that is nothing',
);

const second = Type.Object(
  {
    type: Type.Literal('second'),
    ...head,
    ...state,
    totals: partOf('totals', tapTotals),
    series: Type.Array(partOf('series', tapSeries)),
    sum: tapSum,
    late: Type.Optional(late),
    events: Type.Optional(
      Type.Array(tapEvent, { description: 'what has happened since the last record; absent if nothing' }),
    ),
  },
  { title: 'A second of the run' },
);
const quantilesMs = Type.Object(
  {
    p50: ms,
    p66: ms,
    p75: ms,
    p80: ms,
    p90: ms,
    p95: ms,
    p98: ms,
    p99: ms,
    p99_9: ms,
    p99_99: ms,
  },
  { description: 'Response times in milliseconds. Quantiles are within 0.1 %.' },
);
true satisfies Same<Type.Static<typeof quantilesMs>, QuantileLadder>;

const countedParts = {
  fromSecond,
  seconds,
  totals: Type.Object(
    { ...totalsResult.properties, quantilesMs },
    { description: 'over all series, except those that time parts of requests' },
  ),
  series: Type.Array(Type.Object({ ...seriesResult.properties, quantilesMs })),
  errors: Type.Array(errorResult),
  checks: Type.Array(checkResult),
  metrics: Type.Array(metricResult),
  exceptions: Type.Array(exceptionResult),
  connections: Type.Array(connectionResult, { description: 'opened connections by kind' }),
  schedule: Type.Array(scheduleResult, {
    description: 'arrivals and iterations by user type and phase; empty if nothing was due',
  }),
};

const tapCounted = Type.Object(countedParts);
true satisfies Same<Type.Static<typeof tapCounted>, TapCounted>;

const detail = Type.Object(
  {
    type: Type.Literal('detail'),
    ...head,
    ...state,
    ...countedParts,
    late: Type.Optional(
      partOf('counted', tapCounted, 'what earlier seconds have gained since; absent if that is nothing'),
    ),
  },
  { title: 'Ten seconds of the run with everything that was counted. The last may be shorter' },
);

const end = Type.Object(
  {
    type: Type.Literal('end'),
    ...head,
    late: Type.Optional(late),
    lateDetail: Type.Optional(
      partOf(
        'counted',
        tapCounted,
        'what seconds have gained after the last record in detail; absent if that is nothing',
      ),
    ),
    result: Type.Optional(
      Type.Object(runResult.properties, { description: 'absent if the run failed without a result' }),
    ),
  },
  { title: 'The last record of a run' },
);

const lost = Type.Object(
  {
    type: Type.Literal('lost'),
    schema: head.schema,
    run: head.run,
    fromSeq: Type.Integer({ minimum: 1, description: 'the first record that the reader has lost' }),
    toSeq: Type.Integer({ minimum: 1, description: 'the last record that the reader has lost' }),
  },
  { title: 'Only on a Unix socket: records that a reader has lost, because it was too slow or came late' },
);
true satisfies Same<Type.Static<typeof lost>, TapLost>;

/** A line of a tap. */
export const tapLine = Type.Union([second, detail, end, lost], {
  $id: 'https://drumline.dev/schema/tap-1.json',
  title: 'A record of a tap of a Drumline run',
  $defs: { totals: tapTotals, series: tapSeries, late: tapLate, counted: tapCounted },
});

// The types of events allow `undefined` where the schema allows an absent field.
null as unknown as Type.Static<typeof tapLine> satisfies TapLine;
true satisfies Same<Omit<Type.Static<typeof second>, 'events'>, Omit<TapSecond, 'events'>>;
true satisfies Same<Type.Static<typeof detail>, TapDetail>;
true satisfies Same<Type.Static<typeof end>, TapEnd>;
