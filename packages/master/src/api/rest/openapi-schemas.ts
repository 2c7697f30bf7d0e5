import {
  annotationOrder,
  annotationView,
  apiProblem,
  clusterWorkersView,
  comparisonView,
  errorsView,
  accessView,
  healthView,
  latencySummary,
  logsView,
  listedSeries,
  metricsView,
  orderReply,
  rateOrder,
  reasonResult,
  runEventView,
  runResult,
  runsPage,
  runView,
  scenarioStart,
  scenariosView,
  scenarioUpload,
  scenarioView,
  seriesPage,
  seriesTimelineView,
  seriesResult,
  statsView,
  statusView,
  submission,
  timelinePoint,
  timelineView,
  totalsResult,
  usersOrder,
  workerHistoriesView,
  workersView,
} from '@drumline/wire';

/**
 * The schemas that generated clients have types for, by the names of `drumline/client`.
 * `RunEventView` is the data of each event of a stream, which OpenAPI cannot describe.
 */
const NAMED: Readonly<Record<string, object>> = {
  RunResult: runResult,
  RunEventView: runEventView,
  Submission: submission,
  ComparisonView: comparisonView,
  ScenariosView: scenariosView,
  ScenarioView: scenarioView,
  ScenarioUpload: scenarioUpload,
  ScenarioStart: scenarioStart,
  AccessView: accessView,
  HealthView: healthView,
  ClusterWorkersView: clusterWorkersView,
  RunsPage: runsPage,
  RunView: runView,
  StatusView: statusView,
  StatsView: statsView,
  SeriesPage: seriesPage,
  SeriesTimelineView: seriesTimelineView,
  ListedSeries: listedSeries,
  TimelineView: timelineView,
  ErrorsView: errorsView,
  MetricsView: metricsView,
  LogsView: logsView,
  WorkersView: workersView,
  WorkerHistoriesView: workerHistoriesView,
  OrderReply: orderReply,
  UsersOrder: usersOrder,
  RateOrder: rateOrder,
  AnnotationOrder: annotationOrder,
  ApiProblem: apiProblem,
  AnnotationView: annotationView,
  SeriesResult: seriesResult,
  TotalsResult: totalsResult,
  LatencyResult: latencySummary,
  TimelinePoint: timelinePoint,
  ReasonResult: reasonResult,
};

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [name: string]: Json;
}

/**
 * Rewrites an OpenAPI document for generators of clients: the schemas above become components, and
 * schemas of older drafts become those of OpenAPI 3.1 (JSON Schema 2020-12). A schema of a route
 * with `title` and no properties stands for the component of that name.
 */
export function nameSchemas(document: object): object {
  const names = new Map<string, string>();
  const schemas: JsonObject = {};
  const named = Object.entries(NAMED).map(([name, schema]) => [name, plain(schema)] as const);
  for (const [name, schema] of named) names.set(keyOf(schema), name);
  // Comparing whole schemas is slow, so only those with the same members are compared.
  const members = new Set(named.map(([, schema]) => membersOf(schema)));
  const nameOf = (schema: JsonObject): Json | undefined => {
    const found = members.has(membersOf(schema)) ? names.get(keyOf(schema)) : undefined;
    return found ?? schema['title'];
  };
  const rewritten = (value: Json, isComponent = false): Json => {
    if (Array.isArray(value)) return value.map((one) => rewritten(one));
    if (typeof value !== 'object' || value === null) return value;
    const name = isComponent ? undefined : nameOf(value);
    if (typeof name === 'string' && NAMED[name] !== undefined)
      return { $ref: `#/components/schemas/${name}` };
    const entries = Object.entries(modern(value)).map(([key, one]) => [key, rewritten(one)] as const);
    return Object.fromEntries(entries);
  };
  // Some generators name a type by its title.
  for (const [name, { title: _, ...schema }] of named) schemas[name] = rewritten(schema, true);
  const { components, ...rest } = rewritten(plain(document)) as { components: JsonObject };
  return { ...rest, components: { ...components, schemas } };
}

function plain(schema: object): JsonObject {
  return JSON.parse(JSON.stringify(schema)) as JsonObject;
}

/** Tuples as `prefixItems`, constants as `enum`, and alternatives of constants as one `enum`. */
function modern(schema: JsonObject): JsonObject {
  const { items, additionalItems: _, anyOf, const: constant, patternProperties, ...rest } = schema;
  // Records with any names.
  if (typeof patternProperties === 'object' && patternProperties !== null)
    return { ...rest, additionalProperties: Object.values(patternProperties)[0]! };
  if (constant !== undefined) return { ...rest, enum: [constant] };
  if (Array.isArray(items)) return { ...rest, prefixItems: items };
  const texts = Array.isArray(anyOf) ? anyOf.map(textOf) : [undefined];
  if (texts.every((text) => text !== undefined)) return { ...rest, type: 'string', enum: texts };
  return schema;
}

/** The only text that a schema allows. */
function textOf(schema: Json): string | undefined {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return undefined;
  const { const: constant, enum: values } = schema;
  const only = Array.isArray(values) && values.length === 1 ? values[0] : constant;
  return typeof only === 'string' ? only : undefined;
}

/** The names of an object's members, as a text. */
function membersOf({ properties, anyOf }: JsonObject): string {
  return Object.keys(properties ?? anyOf ?? {}).join();
}

/** A schema without its description, as a text that equal schemas share. */
function keyOf(value: Json): string {
  const sorted = (one: Json): Json => {
    if (Array.isArray(one)) return one.map(sorted);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(
      Object.entries(modern(one))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, sorted(inner)]),
    );
  };
  const { description: _, ...schema } = value as JsonObject;
  return JSON.stringify(sorted(schema));
}
