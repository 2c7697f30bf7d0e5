import { sortTags, type SeriesKey } from '@drumline/model';
import type { ResolvedUrl, Target } from '../url/target.js';

const LIMIT = 20_000;

/** A method and URL as requested by the users of one type. */
export interface Route<Prepared> {
  /** The URL as given by the user. */
  readonly requestedUrl: string;
  readonly url: ResolvedUrl;
  /** Series of requests without `name` and `tags`. */
  readonly series: SeriesKey;
  /** The prepared request for users without options and own headers. */
  prepared?: Prepared;
}

/**
 * Routes and series keys of one user type. Equal requests get the same objects, so recorders can
 * key by identity.
 */
export class SeriesCatalog<Prepared = never> {
  readonly #keys = new Map<string, SeriesKey>();
  readonly #routes = new Map<string, Map<string, Route<Prepared>>>();
  readonly #tags: SeriesKey['tags'];
  /** The latest route: users of one type often request the same URL. */
  #last: Route<Prepared> | undefined;

  constructor(
    private readonly protocol: string,
    private readonly target: Target,
    private readonly user: string,
    private readonly userTags: Readonly<Record<string, string>>,
  ) {
    this.#tags = sortTags(userTags);
  }

  /** @throws TypeError for an invalid URL, or a relative URL without a target */
  route(method: string, url: string): Route<Prepared> {
    const last = this.#last;
    if (last !== undefined && url === last.requestedUrl && method === last.series.method) return last;
    return (this.#last = this.#routeOf(method, url));
  }

  #routeOf(method: string, url: string): Route<Prepared> {
    let routes = this.#routes.get(method);
    if (routes === undefined) {
      routes = new Map();
      this.#routes.set(method, routes);
    }
    let route = routes.get(url);
    if (route === undefined) {
      const resolved = this.target.resolve(url);
      route = { requestedUrl: url, url: resolved, series: this.key(method, resolved.name, undefined) };
      if (routes.size >= LIMIT) routes.clear();
      routes.set(url, route);
    }
    return route;
  }

  key(method: string, name: string, tags: Readonly<Record<string, string>> | undefined): SeriesKey {
    const merged = tags === undefined ? this.#tags : sortTags({ ...this.userTags, ...tags });
    const id = tags === undefined ? `${method} ${name}` : `${method} ${name}\n${JSON.stringify(merged)}`;
    let key = this.#keys.get(id);
    if (key === undefined) {
      if (this.#keys.size >= LIMIT) this.#keys.clear();
      key = { protocol: this.protocol, method, name, user: this.user, tags: merged };
      this.#keys.set(id, key);
    }
    return key;
  }
}

/** The catalogs of a driver. Users of one type with equal tags share one. */
export class SeriesCatalogs<Prepared = never> {
  readonly #catalogs = new Map<string, SeriesCatalog<Prepared>>();

  constructor(
    private readonly protocol: string,
    private readonly target: Target,
  ) {}

  of(user: string, tags: Readonly<Record<string, string>> = {}): SeriesCatalog<Prepared> {
    const id = JSON.stringify([user, tags]);
    let catalog = this.#catalogs.get(id);
    if (catalog === undefined) {
      catalog = new SeriesCatalog<Prepared>(this.protocol, this.target, user, tags);
      this.#catalogs.set(id, catalog);
    }
    return catalog;
  }
}
