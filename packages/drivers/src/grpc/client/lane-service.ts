import { closest, parseDuration, type PartMethod, type SeriesKey } from '@drumline/model';
import type { SeriesCatalog } from '../../calls/series-catalog.js';
import type { Tracer } from '../../calls/tracer.js';
import type { GrpcEngine } from '../contract.js';
import type { GrpcMethod, GrpcServiceSchema, MethodKind } from '../schema-contract.js';
import { errorDetailsOf } from '../schema/error-details.js';
import type { ErrorDetailsOf } from './ending.js';
import { HEALTH_CHECK } from './health.js';
import { MetadataLists } from './metadata.js';
import type { ServiceSpec, StreamOptions } from './options.js';
import { DEFAULT_DEADLINE } from './settings.js';
import type { MessageSeries } from './stream-call.js';

/** The names of the kinds in series. */
const KIND_NAMES: Record<MethodKind, string> = {
  unary: 'unary',
  serverStream: 'server stream',
  clientStream: 'client stream',
  bidiStream: 'bidi',
};

/** The method of a handle for each kind. */
const CALLED_WITH: Record<MethodKind, string> = {
  unary: 'call',
  serverStream: 'stream',
  clientStream: 'send',
  bidiStream: 'open',
};

type Naming = Pick<StreamOptions, 'name' | 'tags'>;

/** A method as users of one type call it. */
export interface Route {
  readonly method: GrpcMethod;
  /** `bank.Accounts/GetBalances` */
  readonly label: string;
  /** The series of a call without its own name or tags. */
  readonly series: SeriesKey;
}

/** A service as all users of a lane share it. */
export class LaneService {
  readonly metadata: MetadataLists;
  readonly deadlineMs: number;
  readonly errorDetailsOf: ErrorDetailsOf;
  readonly #schema: GrpcServiceSchema;
  readonly #routes = new WeakMap<SeriesCatalog, Map<string, Route>>();

  /**
   * @throws TypeError if the schema has no such service, or metadata cannot be sent
   * @throws RangeError if the deadline is invalid
   */
  constructor(
    readonly spec: ServiceSpec,
    readonly engine: GrpcEngine,
    readonly origin: string,
    userAgent: string,
    readonly tracer: Tracer | undefined,
  ) {
    const { schema, service, options = {} } = spec;
    this.#schema = schema.service(service);
    this.metadata = new MetadataLists({ 'user-agent': userAgent, ...options.metadata });
    this.errorDetailsOf = (trailers) => errorDetailsOf(trailers, schema);
    this.deadlineMs = parseDuration(options.deadline ?? DEFAULT_DEADLINE);
  }

  /** @throws TypeError if the service has no such method, or it is of another kind */
  route(catalog: SeriesCatalog, name: string, kind: MethodKind): Route {
    const route = this.#routesOf(catalog).get(name) ?? this.#addRoute(catalog, name, this.method(name));
    if (route.method.kind === kind) return route;
    const itsKind = route.method.kind;
    throw new TypeError(
      `${route.label} is a ${KIND_NAMES[itsKind]} method: use ${CALLED_WITH[itsKind]}('${name}', …)`,
    );
  }

  healthRoute(catalog: SeriesCatalog): Route {
    const { path } = HEALTH_CHECK;
    return this.#routesOf(catalog).get(path) ?? this.#addRoute(catalog, path, HEALTH_CHECK);
  }

  /** @throws TypeError that lists the methods of the service */
  method(name: string): GrpcMethod {
    const { methods, name: service } = this.#schema;
    const method = methods.get(name);
    if (method !== undefined) return method;
    const names = [...methods.keys()];
    const meant = closest(name, names);
    const hint = meant === undefined ? `its methods are ${names.join(', ')}` : `did you mean ${meant}?`;
    throw new TypeError(`${service} has no method '${name}': ${hint}`);
  }

  #routesOf(catalog: SeriesCatalog): Map<string, Route> {
    let routes = this.#routes.get(catalog);
    if (routes === undefined) this.#routes.set(catalog, (routes = new Map()));
    return routes;
  }

  #addRoute(catalog: SeriesCatalog, name: string, method: GrpcMethod): Route {
    const label = method.path.slice(1);
    const route = { method, label, series: catalog.key(KIND_NAMES[method.kind], label, undefined) };
    this.#routesOf(catalog).set(name, route);
    return route;
  }
}

/**
 * The series of a call.
 * @param part names what is timed if it is not one call: a part of it, or several calls
 */
export function seriesOf(
  catalog: SeriesCatalog,
  { method, label, series }: Route,
  { name, tags }: Naming,
  part?: PartMethod,
): SeriesKey {
  if (name === undefined && tags === undefined && part === undefined) return series;
  return catalog.key(part ?? KIND_NAMES[method.kind], name ?? label, tags);
}

export function messageSeries(catalog: SeriesCatalog, route: Route, options: Naming): MessageSeries {
  return {
    first: seriesOf(catalog, route, options, 'first message'),
    next: seriesOf(catalog, route, options, 'message'),
  };
}
