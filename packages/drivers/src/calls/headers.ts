/** A value that is sent as text. Fields with `undefined` or `null` are left out. */
export type FieldValue = string | number | boolean | null | undefined;

/** Fields by name. An array gives several values for one name. */
export type Fields = Readonly<Record<string, FieldValue | readonly FieldValue[]>>;

/** The headers that a client sends with every request. Names are case-insensitive. */
export class DefaultHeaders {
  readonly #fields: Map<string, readonly [name: string, value: string]>;
  #flat: readonly string[] | undefined;

  constructor(initial: Readonly<Record<string, string>> = {}) {
    this.#fields = new Map(
      Object.entries(initial).map(([name, value]) => [name.toLowerCase(), [name, value]]),
    );
  }

  get(name: string): string | undefined {
    return this.#fields.get(name.toLowerCase())?.[1];
  }

  set(name: string, value: string): this {
    this.#fields.set(name.toLowerCase(), [name, value]);
    this.#flat = undefined;
    return this;
  }

  delete(name: string): boolean {
    this.#flat = undefined;
    return this.#fields.delete(name.toLowerCase());
  }

  *[Symbol.iterator](): Iterator<readonly [string, string]> {
    yield* this.#fields.values();
  }

  clone(): DefaultHeaders {
    return new DefaultHeaders(Object.fromEntries(this.#fields.values()));
  }

  /** Name, value, name, value, … The array is frozen, and the same until a header changes. */
  flat(): readonly string[] {
    return (this.#flat ??= Object.freeze([...this.#fields.values()].flat()));
  }

  /** Like `flat()`, with a request's own headers replacing defaults of the same name. */
  merged(own: Fields): string[] {
    const fields = new Map<string, readonly [string, string | string[]]>(this.#fields);
    for (const [name, value] of Object.entries(own)) {
      const key = name.toLowerCase();
      if (value === undefined || value === null) fields.delete(key);
      else fields.set(key, [name, Array.isArray(value) ? value.map(String) : String(value)]);
    }
    return [...fields.values()].flatMap(([name, value]) =>
      typeof value === 'string' ? [name, value] : value.flatMap((one) => [name, one]),
    );
  }
}

/** Whether flat headers contain a name, given in lower case. */
export function hasHeader(flat: readonly string[], name: string): boolean {
  return headerValue(flat, name) !== undefined;
}

/** The first value of a name, given in lower case, in flat headers. */
export function headerValue(flat: readonly string[], name: string): string | undefined {
  for (let i = 0; i < flat.length; i += 2) {
    if (flat[i]!.length === name.length && flat[i]!.toLowerCase() === name) return flat[i + 1];
  }
  return undefined;
}

/** Flat headers without those for which `drop` returns true; it gets the lower-case name. */
export function withoutHeaders(flat: readonly string[], drop: (name: string) => boolean): string[] {
  return flat.filter((_, i) => !drop(flat[i - (i % 2)]!.toLowerCase()));
}
