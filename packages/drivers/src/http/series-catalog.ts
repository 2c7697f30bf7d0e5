import { sortTags, type SeriesKey } from '@drumline/model';

const LIMIT = 20_000;

/** Series keys of one user type: equal requests get the same object, so that recorders may key by identity. */
export class SeriesCatalog {
  readonly #keys = new Map<string, SeriesKey>();
  readonly #tags: SeriesKey['tags'];

  constructor(
    private readonly user: string,
    private readonly userTags: Readonly<Record<string, string>>,
  ) {
    this.#tags = sortTags(userTags);
  }

  key(method: string, name: string, tags: Readonly<Record<string, string>> | undefined): SeriesKey {
    const merged = tags === undefined ? this.#tags : sortTags({ ...this.userTags, ...tags });
    const id = tags === undefined ? `${method} ${name}` : `${method} ${name}\n${JSON.stringify(merged)}`;
    let key = this.#keys.get(id);
    if (key === undefined) {
      if (this.#keys.size >= LIMIT) this.#keys.clear();
      key = { protocol: 'http', method, name, user: this.user, tags: merged };
      this.#keys.set(id, key);
    }
    return key;
  }
}
