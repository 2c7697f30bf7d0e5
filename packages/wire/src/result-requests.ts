import Type from '#typebox';

const count = Type.Integer({ minimum: 0 });
const ms = Type.Number({ description: 'milliseconds' });

/** Response times of a series in milliseconds, to the microsecond. 0 if no request finished. */
export const latencySummary = Type.Object(
  { min: ms, mean: ms, p50: ms, p90: ms, p95: ms, p99: ms, p99_9: ms, max: ms },
  { description: 'Response times in milliseconds. min and max are exact; quantiles are within 0.1 %.' },
);

/** Mean time of a request in each phase, in milliseconds. */
const phaseMeans = Type.Object(
  {
    late: Type.Optional(
      Type.Number({
        description: 'milliseconds from when an iteration was due until it began; absent if none was late',
      }),
    ),
    queued: ms,
    connect: ms,
    send: ms,
    wait: ms,
    receive: ms,
  },
  { description: 'Mean time of a request in each phase; absent if the protocol does not measure phases' },
);

const counts = {
  requests: Type.Integer({ minimum: 0, description: 'All requests, with any outcome' }),
  failures: count,
  interrupted: Type.Integer({
    minimum: 0,
    description:
      'Requests interrupted at the end of the stop timeout: included in requests, not in failures, without response times',
  }),
  resends: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'Requests that were resent because the server closed an idle connection before it answered. Not included in requests',
    }),
  ),
  rate: Type.Number({ description: 'requests per second, over the whole run' }),
  bytesSent: count,
  bytesReceived: count,
  latencyMs: latencySummary,
  serviceMs: Type.Optional(
    Type.Object(latencySummary.properties, {
      description:
        'Service times in milliseconds, which count from the call; absent if no iteration began late, so that they equal the response times',
    }),
  ),
  phasesMs: Type.Optional(phaseMeans),
  statuses: Type.Optional(
    Type.Record(Type.String(), count, {
      description:
        'Requests by the status of their response; absent if there are none. Requests without a response have no status',
    }),
  ),
};

export const key = { protocol: Type.String(), method: Type.String(), name: Type.String() };

export const seriesResult = Type.Object({
  ...key,
  user: Type.String({ description: 'user type' }),
  tags: Type.Record(Type.String(), Type.String()),
  part: Type.Optional(
    Type.Boolean({ description: 'times parts or groups of requests; not included in the totals' }),
  ),
  ...counts,
});

export const totalsResult = Type.Object(counts);
