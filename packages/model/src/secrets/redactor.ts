import { formsOf } from './forms.js';
import type { Secrets } from './secrets.js';

/** Size of the cache of redacted texts. Names of series and errors recur every second. */
const MAX_REMEMBERED = 4_096;
const MAX_REMEMBERED_LENGTH = 256;
/** Forms shorter than this are masked only as a whole: their halves may occur in any text. */
const MIN_CUT_LENGTH = 16;

/** Fields that hold only Drumline's own values. A secret such as `pass` must not change them. */
const OWN_FIELDS = new Set(
  'type kind state code exit verdict schema handshake runId artifactId id instance at startedAt endedAt firstSeenAt lastSeenAt'.split(
    ' ',
  ),
);

/** Replaces the values of secrets with `[secret NAME]` in everything that is shown or stored. */
export class Redactor {
  /** Length of the longest form of any secret, in characters. */
  readonly longest: number;
  readonly #names = new Map<string, string>();
  readonly #pattern: RegExp;
  readonly #halves: RegExp;
  readonly #remembered = new Map<string, string>();

  /** @returns undefined if there are no secrets, so that callers can skip the work */
  static of(secrets: Secrets): Redactor | undefined {
    return Object.keys(secrets).length === 0 ? undefined : new Redactor(secrets);
  }

  private constructor(private readonly secrets: Secrets) {
    for (const [name, value] of Object.entries(secrets)) {
      for (const form of formsOf(value)) if (!this.#names.has(form)) this.#names.set(form, name);
    }
    // Longest first, so that a secret within another one does not leave the rest of it.
    const forms = [...this.#names.keys()].toSorted((a, b) => b.length - a.length);
    this.longest = forms[0]!.length;
    this.#pattern = new RegExp(anyOf(forms), 'g');
    this.#halves = new RegExp(anyOf(forms.filter(({ length }) => length >= MIN_CUT_LENGTH).map(halfOf)));
  }

  /** Masks secrets in a text, including those that are cut off but at least half present. */
  text(text: string): string {
    const known = this.#remembered.get(text);
    if (known !== undefined) return known;
    const redacted = this.#withoutBeginnings(this.whole(text));
    if (text.length > MAX_REMEMBERED_LENGTH) return redacted;
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(text, redacted);
    return redacted;
  }

  /** Masks only complete secrets, for a text that will be continued. */
  whole(text: string): string {
    return text.replace(this.#pattern, (form) => placeholder(this.#names.get(form)!));
  }

  /** Masks every text in plain data, and the keys of tags. Data without secrets is not copied. */
  data<T>(value: T): T {
    return mapTexts(value, (text) => this.text(text)) as T;
  }

  /** Reverses `data`. Values that were encoded come back unencoded. */
  reveal<T>(value: T): T {
    const reveal = (text: string): string =>
      text.replaceAll(/\[secret (\w+)\]/g, (whole, name: string) => this.secrets[name] ?? whole);
    return mapTexts(value, reveal) as T;
  }

  /** Masks the beginnings of secrets, at least half long: long messages are cut off. */
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

/** Maps all texts, and copies only objects that contain a changed one. Bytes are not changed. */
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
  // Unlike an assignment, `fromEntries` treats `__proto__` as an ordinary field.
  return changed ? Object.fromEntries(changed) : fields;
}

function mapField(key: string, field: unknown, change: (text: string) => string): unknown {
  if (typeof field === 'string') return OWN_FIELDS.has(key) ? field : change(field);
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

/** A pattern that matches any of the texts; it matches nothing if there are none. */
function anyOf(texts: readonly string[]): string {
  const escaped = texts.map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return escaped.length === 0 ? '(?!)' : escaped.join('|');
}
