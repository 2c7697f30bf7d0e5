/** A variable of the shell, or what a program would have printed. */
export interface ShellVariable {
  /** An identifier, unique among those of the text. */
  readonly name: string;
  /** As it is written: `$TOKEN`, `$(date +%s)`. */
  readonly source: string;
}

const LETTERS = 'qvz';

/**
 * The variables of a text. Each stands as a mark of letters and digits in the words of its
 * commands: marks survive URLs, forms and JSON, and become code in the end.
 */
export class ShellVariables {
  readonly #byMark = new Map<string, ShellVariable>();
  readonly #values = new Map<string, string>();
  readonly #defaults: string[] = [];
  readonly #letters: string;

  /** @param text that must not contain marks by chance */
  constructor(text: string) {
    let letters = LETTERS;
    while (text.toLowerCase().includes(letters)) letters += 'q';
    this.#letters = letters;
  }

  /** All that have marks, in the order in which they were met. */
  get all(): ReadonlyMap<string, ShellVariable> {
    return this.#byMark;
  }

  /** What stands in a word for a variable: its value if the text has set it, else its mark. */
  read(name: string, source: string): string {
    return this.#values.get(name) ?? this.#markOf({ name, source });
  }

  /** `${NAME:-value}`: what the text has set, else the default. */
  readWithDefault(name: string, value: string): string {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    this.#defaults.push(`${name}=${value}`);
    return value;
  }

  /** Default values that were taken, in words. */
  get defaults(): readonly string[] {
    return this.#defaults;
  }

  /** What stands in a word for the output of a program. */
  readOutput(command: string, source: string): string {
    const program = /^\s*([\w-]+)/.exec(command)?.[1] ?? 'command';
    const wanted = `${program.replaceAll('-', '_').toUpperCase()}_OUTPUT`;
    const same = [...this.#byMark.values()].filter(
      (one) => one.name.startsWith(wanted) && one.source !== source,
    );
    return this.#markOf({ name: same.length === 0 ? wanted : `${wanted}_${same.length + 1}`, source });
  }

  /** A line with `NAME=value` alone. */
  set(name: string, value: string): void {
    this.#values.set(name, value);
  }

  #markOf(variable: ShellVariable): string {
    for (const [mark, { source }] of this.#byMark) if (source === variable.source) return mark;
    const mark = `${this.#letters}${this.#byMark.size}x`;
    this.#byMark.set(mark, variable);
    return mark;
  }
}
