/** Words that cannot name a constant, and globals and imports that generated code uses. */
const RESERVED = new Set(
  `arguments async await break case catch class const continue debugger default delete do else enum eval
  export extends false finally for function if implements import in instanceof interface let new null
  package private protected public require return static super switch this throw true try typeof
  undefined using var void while with yield
  Array Buffer Date decodeURIComponent encodeURIComponent globalThis Infinity JSON NaN Number Object
  process String URL http ws state sleep check user measure record signal between inOrder ramp scenario
  secrets task readFileSync environment`.split(/\s+/),
);

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Unique property names: `login`, then `login2`. Reserved words are allowed. */
export class Names {
  readonly #given = new Set<string>();

  take(wanted: string): string {
    return takeFree(wanted, this.#given, (name) => this.#given.has(name));
  }
}

/**
 * The names of the constants and parameters of a function or of the module. `take` returns valid
 * identifiers that are unique in this scope, its outer scopes and its inner scopes.
 */
export class Scope {
  readonly #given = new Set<string>();
  readonly #within: Scope[] = [];

  constructor(private readonly around?: Scope) {}

  /** Creates the scope of a function within this one. */
  inner(): Scope {
    const scope = new Scope(this);
    this.#within.push(scope);
    return scope;
  }

  /** Whether the name is reserved, or taken in this, an outer or an inner scope. */
  has(name: string): boolean {
    return RESERVED.has(name) || this.#isGivenAround(name) || this.#isGivenWithin(name);
  }

  /** Reserves a unique identifier. @param wanted any text, on which the identifier is based */
  take(wanted: string): string {
    return takeFree(identifierOf(wanted), this.#given, (name) => this.has(name));
  }

  #isGivenAround(name: string): boolean {
    return this.#given.has(name) || (this.around !== undefined && this.around.#isGivenAround(name));
  }

  #isGivenWithin(name: string): boolean {
    return this.#given.has(name) || this.#within.some((scope) => scope.#isGivenWithin(name));
  }
}

function takeFree(wanted: string, given: Set<string>, isTaken: (name: string) => boolean): string {
  let name = wanted;
  const gap = /^[A-Z\d_]+$/.test(wanted) ? '_' : '';
  for (let count = 2; isTaken(name); count += 1) name = `${wanted}${gap}${count}`;
  given.add(name);
  return name;
}

function identifierOf(text: string): string {
  if (IDENTIFIER.test(text)) return text;
  const name = text.replaceAll(/[^\w$]+/g, '_');
  return IDENTIFIER.test(name) ? name : `_${name}`;
}
