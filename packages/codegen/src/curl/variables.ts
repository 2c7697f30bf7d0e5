/** A shell variable, or the output of a program. */
export interface ShellVariable {
  /** A unique identifier. */
  readonly name: string;
  /** The expansion in the source: `$TOKEN`, `$(date +%s)`. */
  readonly source: string;
}

const LETTERS = 'qvz';

/**
 * The variables of a text. Unset variables are replaced by placeholders of letters and digits,
 * which URLs, forms and JSON leave unchanged. Later the placeholders become code.
 */
export class ShellVariables {
  readonly #byPlaceholder = new Map<string, ShellVariable>();
  readonly #values = new Map<string, string>();
  readonly #defaults: string[] = [];
  readonly #letters: string;

  /** @param text the source, which must not contain a placeholder by chance */
  constructor(text: string) {
    let letters = LETTERS;
    while (text.toLowerCase().includes(letters)) letters += 'q';
    this.#letters = letters;
  }

  /** The unset variables by placeholder, in order of occurrence. */
  get all(): ReadonlyMap<string, ShellVariable> {
    return this.#byPlaceholder;
  }

  /** The value of a variable if the text sets it, otherwise its placeholder. */
  read(name: string, source: string): string {
    return this.#values.get(name) ?? this.#placeholderOf({ name, source });
  }

  /** The value of a variable if the text sets it, otherwise the default of `${NAME:-value}`. */
  readWithDefault(name: string, value: string): string {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    this.#defaults.push(`${name}=${value}`);
    return value;
  }

  /** Defaults that were used: `NAME=value`. */
  get defaults(): readonly string[] {
    return this.#defaults;
  }

  /** The placeholder for the output of a program. */
  readOutput(command: string, source: string): string {
    const program = /^\s*([\w-]+)/.exec(command)?.[1] ?? 'command';
    const wanted = `${program.replaceAll('-', '_').toUpperCase()}_OUTPUT`;
    const same = [...this.#byPlaceholder.values()].filter(
      (one) => one.name.startsWith(wanted) && one.source !== source,
    );
    return this.#placeholderOf({ name: same.length === 0 ? wanted : `${wanted}_${same.length + 1}`, source });
  }

  /** Sets a variable, as a line with only `NAME=value` does. */
  set(name: string, value: string): void {
    this.#values.set(name, value);
  }

  #placeholderOf(variable: ShellVariable): string {
    for (const [placeholder, { source }] of this.#byPlaceholder)
      if (source === variable.source) return placeholder;
    const placeholder = `${this.#letters}${this.#byPlaceholder.size}x`;
    this.#byPlaceholder.set(placeholder, variable);
    return placeholder;
  }
}
