import { closest, keyHint, messageOf, parseDuration, type Millis } from '@drumline/model';
import type { OutputSpec } from './output.js';
import { OutputProblem } from './spec.js';

/**
 * Reads the options of a specification and collects all problems. Its messages contain values only
 * of options that cannot be secret.
 */
export class OptionReader {
  private readonly problems: string[] = [];
  private readonly known: string[] = [];

  constructor(private readonly spec: OutputSpec) {}

  /** The URL, address or path. A problem if there is none. @param example of the whole text */
  requireUrl(example: string): string {
    const { url } = this.spec;
    if (url === undefined) this.problem(`needs a value, for example ${example}`);
    return url ?? '';
  }

  /** A text, which may be a secret. */
  text(name: string): string | undefined;
  text(name: string, fallback: string): string;
  text(name: string, fallback?: string): string | undefined {
    return this.take(name) ?? fallback;
  }

  /** A whole number in a range. */
  wholeNumber(name: string, { min, max }: { min: number; max: number }, fallback: number): number {
    const text = this.take(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    this.problem(`option ${name} must be a whole number from ${min} to ${max}`);
    return fallback;
  }

  /** One of some values. */
  choice<const T extends string>(name: string, values: readonly T[], fallback: T): T {
    const text = this.take(name);
    if (text === undefined) return fallback;
    const value = values.find((one) => one === text);
    if (value !== undefined) return value;
    const meant = closest(text, values);
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    this.problem(`option ${name} must be one of ${values.join(', ')}${hint}`);
    return fallback;
  }

  /** `true` or `false`; an option without a value is true. */
  flag(name: string, fallback = false): boolean {
    return this.choice(name, ['true', 'false'], fallback ? 'true' : 'false') === 'true';
  }

  /** A duration such as `10s`. */
  duration(name: string, fallback: Millis): Millis {
    const text = this.take(name);
    if (text === undefined) return fallback;
    try {
      return parseDuration(text);
    } catch (error) {
      this.problem(`option ${name}: ${messageOf(error)}`);
      return fallback;
    }
  }

  /** Adds a problem, as a sentence without values that may be secret. */
  problem(text: string): void {
    if (!this.problems.includes(text)) this.problems.push(text);
  }

  /** @throws OutputProblem with all problems, among them options that nobody has read */
  done(): void {
    for (const name of Object.keys(this.spec.options))
      if (!this.known.includes(name)) this.problem(`there is no option ${name}${this.hintFor(name)}`);
    if (this.problems.length > 0) throw new OutputProblem(this.problems);
  }

  private hintFor(name: string): string {
    return this.known.length === 0 ? '; it has no options' : `; ${keyHint(name, this.known)}`;
  }

  private take(name: string): string | undefined {
    this.known.push(name);
    return this.spec.options[name];
  }
}
