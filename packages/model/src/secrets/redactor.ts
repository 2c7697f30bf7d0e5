import { formsOf } from './forms.js';
import type { Secrets } from './secrets.js';

/** Texts whose redacted form is remembered: names of series and errors come again every second. */
const MAX_REMEMBERED = 4_096;
const MAX_REMEMBERED_LENGTH = 256;
/** Half of a shorter form could stand in any text. */
const MIN_CUT_LENGTH = 16;

/** Fields that hold words, identifiers and instants of our own, never the user's: a secret such as `pass` must not change what they say. */
const OUR_WORDS = new Set(
  'type kind state code exit verdict schema handshake runId bundleId id instance at startedAt endedAt firstSeenAt lastSeenAt'.split(
    ' ',
  ),
);

/** Takes the values of secrets out of everything that is shown, written or kept: `[secret NAME]` stands in their place. */
export class Redactor {
  /** Longest form of any secret, characters. */
  readonly longest: number;
  readonly #names = new Map<string, string>();
  readonly #pattern: RegExp;
  readonly #halves: RegExp;
  readonly #remembered = new Map<string, string>();

  /** @returns undefined if there is nothing to take out, which then costs nothing */
  static of(secrets: Secrets): Redactor | undefined {
    return Object.keys(secrets).length === 0 ? undefined : new Redactor(secrets);
  }

  private constructor(private readonly secrets: Secrets) {
    for (const [name, value] of Object.entries(secrets)) {
      for (const form of formsOf(value)) if (!this.#names.has(form)) this.#names.set(form, name);
    }
    // The longest first: a secret that is part of another must not leave the rest of it.
    const forms = [...this.#names.keys()].toSorted((a, b) => b.length - a.length);
    this.longest = forms[0]!.length;
    this.#pattern = new RegExp(anyOf(forms), 'g');
    this.#halves = new RegExp(anyOf(forms.filter(({ length }) => length >= MIN_CUT_LENGTH).map(halfOf)));
  }

  text(text: string): string {
    const known = this.#remembered.get(text);
    if (known !== undefined) return known;
    const redacted = this.#withoutBeginnings(this.whole(text));
    if (text.length > MAX_REMEMBERED_LENGTH) return redacted;
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(text, redacted);
    return redacted;
  }

  /** Only what is there in full: for a text whose rest is still to come. */
  whole(text: string): string {
    return text.replace(this.#pattern, (form) => placeholder(this.#names.get(form)!));
  }

  /** Every text of plain data, however deep, and the keys of tags. Data without a secret is returned as it is. */
  data<T>(value: T): T {
    return mapTexts(value, (text) => this.text(text)) as T;
  }

  /** Puts the values back in place of what `data` has put there; what was encoded comes back as it was written, not encoded. */
  reveal<T>(value: T): T {
    const reveal = (text: string): string =>
      text.replaceAll(/\[secret (\w+)\]/g, (whole, name: string) => this.secrets[name] ?? whole);
    return mapTexts(value, reveal) as T;
  }

  /** What quotes the beginning of an answer, or cuts a long message, can cut a secret: half of it or more is taken out, too. */
  #withoutBeginnings(text: string): string {
    if (!this.#halves.test(text)) return text;
    let rest = text;
    for (const [form, name] of this.#names) {
      if (form.length < MIN_CUT_LENGTH) continue;
      const half = halfOf(form);
      for (let at = rest.indexOf(half); at >= 0; at = rest.indexOf(half, at)) {
        let length = half.length;
        while (length < form.length && rest[at + length] === form[length]) length += 1;
        rest = rest.slice(0, at) + placeholder(name) + rest.slice(at + length);
        at += placeholder(name).length;
      }
    }
    return rest;
  }
}

function placeholder(name: string): string {
  return `[secret ${name}]`;
}

/** Changes texts, and copies only what holds one that has changed. Bytes are left alone. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return mapItems(value, change);
  return isPlainObject(value) ? mapFields(value, change) : value;
}

function mapItems(items: readonly unknown[], change: (text: string) => string): readonly unknown[] {
  let changed: unknown[] | undefined;
  for (let index = 0; index < items.length; index += 1) {
    const item = mapTexts(items[index], change);
    if (item !== items[index]) (changed ??= [...items])[index] = item;
  }
  return changed ?? items;
}

function mapFields(fields: Record<string, unknown>, change: (text: string) => string): object {
  let changed: [string, unknown][] | undefined;
  for (const key of Object.keys(fields)) {
    const field = fields[key];
    const mapped = mapField(key, field, change);
    if (mapped === field) continue;
    changed ??= Object.entries(fields);
    changed.find(([name]) => name === key)![1] = mapped;
  }
  // Unlike an assignment, it makes `__proto__` a field like any other.
  return changed ? Object.fromEntries(changed) : fields;
}

function mapField(key: string, field: unknown, change: (text: string) => string): unknown {
  if (typeof field === 'string') return OUR_WORDS.has(key) ? field : change(field);
  const mapped = mapTexts(field, change);
  if (key !== 'tags' || !isPlainObject(mapped)) return mapped;
  const names = Object.keys(mapped);
  if (names.every((name) => change(name) === name)) return mapped;
  return Object.fromEntries(names.map((name) => [change(name), mapped[name]]));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function halfOf(form: string): string {
  return form.slice(0, Math.ceil(form.length / 2));
}

/** A pattern for any of the texts; without any, one that nothing matches. */
function anyOf(texts: readonly string[]): string {
  const escaped = texts.map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return escaped.length === 0 ? '(?!)' : escaped.join('|');
}
