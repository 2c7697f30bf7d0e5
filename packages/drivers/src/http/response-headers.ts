import { inspect, type InspectOptions } from 'node:util';

/** The headers of a response, with the interface of the web's `Headers`. */
export class ResponseHeaders {
  readonly #fields = new Map<string, string[]>();

  /** @param flat name, value, name, value, … as received */
  constructor(flat: readonly string[]) {
    for (let i = 0; i + 1 < flat.length; i += 2) {
      const name = flat[i]!.toLowerCase();
      const values = this.#fields.get(name);
      if (values === undefined) this.#fields.set(name, [flat[i + 1]!]);
      else values.push(flat[i + 1]!);
    }
  }

  /** The value of a header; several values are joined by `, `. Null if there is none. */
  get(name: string): string | null {
    return this.#fields.get(name.toLowerCase())?.join(', ') ?? null;
  }

  has(name: string): boolean {
    return this.#fields.has(name.toLowerCase());
  }

  /** All `set-cookie` values, which cannot be joined. */
  getSetCookie(): string[] {
    return [...(this.#fields.get('set-cookie') ?? [])];
  }

  /** Entries of lower-case name and joined value. */
  *[Symbol.iterator](): Iterator<[string, string]> {
    for (const [name, values] of this.#fields) yield [name, values.join(', ')];
  }

  entries(): Iterator<[string, string]> {
    return this[Symbol.iterator]();
  }

  keys(): Iterator<string> {
    return this.#fields.keys();
  }

  *values(): Iterator<string> {
    for (const [, value] of this) yield value;
  }

  forEach(visit: (value: string, name: string, headers: ResponseHeaders) => void): void {
    for (const [name, value] of this) visit(value, name, this);
  }

  /**
   * The headers by name, for `JSON.stringify`. `set-cookie` is a list, as its values cannot be
   * joined.
   */
  toJSON(): Record<string, string | string[]> {
    const cookies = this.getSetCookie();
    return { ...Object.fromEntries(this), ...(cookies.length > 0 && { 'set-cookie': cookies }) };
  }

  [inspect.custom](_: number, options: InspectOptions): string {
    return `ResponseHeaders ${inspect(this.toJSON(), options)}`;
  }
}
