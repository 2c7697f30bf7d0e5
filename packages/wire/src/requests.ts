// The requests of the gRPC control API. REST has the same values in paths, queries and bodies.
import Type, { Compile } from '#typebox';
import { annotationOrder } from './api-run-parts.js';
import { rateOrder, usersOrder } from './api.js';
import { scenarioStart } from './scenarios.js';

const run = Type.Optional(
  Type.String({
    description: 'id of the run, a unique beginning of 4 or more characters, or current (default)',
  }),
);
const second = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: 999_999_999, description }));

export const emptyRequest = Type.Object({});
export const runsRequest = Type.Object({
  state: Type.Optional(
    Type.Array(Type.String({ maxLength: 50 }), {
      maxItems: 20,
      description: 'only runs in one of these states; `active`: all that have not ended',
    }),
  ),
  labels: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'only runs with all of these labels' }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1_000, description: 'runs of a page; default 100' }),
  ),
  after: Type.Optional(Type.String({ maxLength: 1_000, description: '`next` of the page before' })),
});
export const runRequest = Type.Object({ run });
export const deleteRunRequest = Type.Object({
  run: Type.String({
    minLength: 1,
    description: 'id of the run, or a unique beginning of 4 or more characters',
  }),
});
export const drainRequest = Type.Object({
  worker: Type.String({ minLength: 1, maxLength: 200, description: 'name or id of the worker' }),
});
export const timelineRequest = Type.Object({
  run,
  from: second('first second, counted from the start of the run; default 0'),
  to: second('the second after the last; default: up to now'),
  points: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100_000,
      description: 'the most points: seconds are merged to fit; default: a point for each second',
    }),
  ),
});
export const eventsRequest = Type.Object({
  run,
  afterEvent: Type.Optional(
    Type.String({
      maxLength: 40,
      description: 'event_id of the last event that is known: everything after it is repeated first',
    }),
  ),
  after: second(
    'number of the last interval that is known: those after it are repeated first; default: only new events',
  ),
});
export const seriesRequest = Type.Object({
  run,
  filter: Type.Optional(
    Type.String({
      maxLength: 1_000,
      description: 'terms that must all hold: `method:POST name:cart p95>300`',
    }),
  ),
  sort: Type.Optional(
    Type.String({ maxLength: 50, description: 'a field, `-` before it descending; default -requests' }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1_000, description: 'series on a page; default 100' }),
  ),
  after: Type.Optional(Type.String({ maxLength: 60, description: '`next` of the page before' })),
  offset: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 999_999_999,
      description: 'reads a window of the present order, from this place on; not with `after`',
    }),
  ),
  since: Type.Optional(
    Type.String({
      maxLength: 60,
      description: '`version` of the last answer to the same query: only changed rows are returned',
    }),
  ),
});
export const seriesTimelineRequest = Type.Object({
  run,
  filter: seriesRequest.properties.filter,
  sort: seriesRequest.properties.sort,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'the most series; default 5' })),
  from: second('first second, counted from the start of the run; default 0'),
  points: Type.Optional(
    Type.Integer({ minimum: 10, maximum: 2_000, description: 'the most points of each series; default 600' }),
  ),
});
export const workerHistoryRequest = Type.Object({
  run,
  worker: Type.Optional(Type.String({ maxLength: 200, description: 'name or id of a worker; default: all' })),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: 'the most workers; default 20' }),
  ),
});
const afterLine = Type.Optional(
  Type.Integer({ minimum: 0, description: 'only lines after the one with this number; default 0' }),
);
export const logsRequest = Type.Object({
  run,
  after: afterLine,
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 10_000, description: 'the most lines; default 1000' }),
  ),
});
export const followLogsRequest = Type.Object({ run, after: afterLine });
export const annotateRequest = Type.Object({ run, ...annotationOrder.properties });
export const reportRequest = Type.Object({
  run,
  format: Type.String({ description: 'html, json and the other formats of the REST path report.{format}' }),
});
export const reportView = Type.Object({
  contentType: Type.String({ description: 'such as text/html' }),
  text: Type.String(),
});

const hash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of the bytes, hexadecimal',
});
const bytes = (description: string) => Type.Integer({ minimum: 0, description });

export const submitRequest = Type.Object({
  submission: Type.String({ description: 'the submission as JSON: the body of POST /v1/runs' }),
  idempotencyKey: Type.Optional(
    Type.String({ maxLength: 200, description: 'requests with the same key create one run' }),
  ),
});
export const missingRequest = Type.Object({ hashes: Type.Array(hash, { maxItems: 10_000 }) });
export const uploadStateRequest = Type.Object({ hash });
export const uploadRequest = Type.Object({
  hash,
  offset: Type.Optional(bytes('where the part begins, bytes; default 0')),
  size: bytes('size of the whole file, bytes'),
  data: Type.Optional(
    Type.Unsafe<Uint8Array>({
      contentMediaType: 'application/octet-stream',
      description: 'the part, at most 3 MiB',
    }),
  ),
});
export const compareRequest = Type.Object({
  baseline: Type.String({ minLength: 1, maxLength: 100, description: 'the earlier run: its id' }),
  run: Type.String({ minLength: 1, maxLength: 100, description: 'the run that is compared with it' }),
  margin: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 99,
      description: 'percent below which changes of response times count as the same; default 5',
    }),
  ),
  skip: second('seconds at the start of both runs that are left out; default: detected'),
});
export const scenarioRequest = Type.Object({
  path: Type.String({
    minLength: 1,
    maxLength: 1_000,
    description: 'path of the scenario, as in the list of scenarios',
  }),
});
export const startScenarioRequest = Type.Object({
  ...scenarioStart.properties,
  idempotencyKey: Type.Optional(
    Type.String({ maxLength: 200, description: 'requests with the same key create one run' }),
  ),
});
export const usersRequest = Type.Object({ run, ...usersOrder.properties });
export const rateRequest = Type.Object({ run, ...rateOrder.properties });

/** What is wrong with a request, such as `users must be >= 0`; undefined if it is valid. */
export type FindRequestProblem = (request: unknown) => string | undefined;

/** Compiles a check for requests of a schema, on first use. */
export function requestCheck(schema: Type.TSchema): FindRequestProblem {
  let guard: ReturnType<typeof Compile<Type.TSchema>> | undefined;
  return (request) => {
    guard ??= Compile(schema);
    if (guard.Check(request)) return undefined;
    const [first] = guard.Errors(request);
    const where = first?.instancePath.slice(1).replaceAll('/', '.') || 'the request';
    return `${where} ${first?.message ?? 'is invalid'}`;
  };
}
