import { Code, concat, isCode, type Text, type Value } from '../code/code.js';
import { Names, type Scope } from '../code/names.js';
import type { SecretDraft } from '../code/draft.js';
import { grouped } from './grouped.js';
import { looksUnique } from './ids.js';
import { replaceValues, type Slot, type Step, type Values } from './step.js';
import {
  splitAtPlaceholders,
  withoutPlaceholders,
  type UnsetVariable,
  type UnsetVariables,
} from './variables.js';
import { upperCase, wordsOf } from './words.js';

/** Names whose values are always secret. */
const SECRET =
  /\b(?:pass(?:word|wd|phrase|code)?|pwd|secret|otp|pin|cvv|cvc|ssn|iban|csrf|xsrf|apikey|(?:api|access|private|secret|subscription) key|card number|credit card)\b/;
/** Names whose values are secret if they look random. */
const MAYBE_SECRET =
  /\b(?:(?:\w*token)|auth|authorization|jwt|session|sessionid|sid|signature|sig|credentials?|cookie)\b/;
/** Names whose values are secret if they look unique, such as OAuth codes. */
const ONCE_ONLY = /\b(?:code|state|nonce)\b/;

/**
 * Values with the format of a secret: JSON web tokens (RFC 7519), and keys of well-known services.
 */
const SECRET_VALUE =
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*|\b(?:sk|pk|rk)_(?:live|test)_\w{8,}|\bgh[pousr]_\w{16,}|\bglpat-[\w-]{16,}|\bxox[abprs]-[\w-]{8,}|\bAKIA[A-Z\d]{12,}|\bAIza[\w-]{20,}|\bya29\.[\w-]{16,}/;
const SECRET_IN_XML = /(?<=<(?:[\w-]+:)?(?:password|passwd|secret|token)\b[^>]*>)[^<]+/i;

/** Text around a secret that is not secret: `Token `, `; sid=`. */
const AROUND_SECRETS = /^[\s;,:]*(?:[\w-]+[\s=:]+)?$/;

/** Replaces secrets by constants, which get their values from `--secret`. */
export class Secrets {
  readonly #names = new Names();
  readonly #byValue = new Map<string, SecretDraft>();
  readonly #environment = new Map<string, SecretDraft>();

  /**
   * @param kept whether secrets stay in the file
   * @param scope scope of the module, which declares the constants
   * @param variables unset variables of the source, which become secrets or environment variables
   */
  constructor(
    readonly kept: boolean,
    private readonly scope: Scope,
    private readonly variables: UnsetVariables = new Map(),
  ) {
    for (const { name } of variables.values()) this.#names.take(name);
  }

  /** The secrets so far, in order of occurrence. */
  get all(): readonly SecretDraft[] {
    return [...this.#byValue.values()];
  }

  /** The environment variables so far. */
  get environment(): readonly SecretDraft[] {
    return [...this.#environment.values()];
  }

  /** Replaces a secret by its constant. @param wanted words for the name of the constant */
  conceal(value: string, wanted: readonly string[]): Text {
    const pieces = splitAtPlaceholders(value, this.variables);
    if (pieces.every((piece) => typeof piece === 'string')) return this.#constantFor(value, wanted);
    return concat(
      pieces.map((piece) => {
        if (typeof piece !== 'string') return this.#secretVariable(piece);
        return AROUND_SECRETS.test(piece) ? piece : this.#constantFor(piece, wanted);
      }),
    );
  }

  /** Replaces the unset variables in a text that is not secret. */
  expand(text: string): Text {
    return concat(
      splitAtPlaceholders(text, this.variables).map((piece) => {
        if (typeof piece === 'string') return piece;
        const isSecret = this.#byValue.has(piece.source) || isSecretName(piece.name);
        return isSecret ? this.#secretVariable(piece) : this.#environmentVariable(piece);
      }),
    );
  }

  #constantFor(value: string, wanted: readonly string[]): Text {
    if (this.kept) return value;
    const known = this.#byValue.get(value);
    if (known !== undefined) return new Code(known.constant);
    const name = this.#names.take(upperCase(wanted));
    return this.#add(this.#byValue, value, name);
  }

  #secretVariable({ name, source }: UnsetVariable): Code {
    const known = this.#byValue.get(source);
    return known === undefined ? this.#add(this.#byValue, source, name) : new Code(known.constant);
  }

  #environmentVariable({ name, source }: UnsetVariable): Code {
    const known = this.#environment.get(source);
    return known === undefined ? this.#add(this.#environment, source, name) : new Code(known.constant);
  }

  #add(to: Map<string, SecretDraft>, key: string, name: string): Code {
    const secret = { name, constant: this.scope.take(name) };
    to.set(key, secret);
    return new Code(secret.constant);
  }

  /** Replaces the secrets in a step. */
  concealIn(step: Step): Step {
    const open = withoutPlaceholders(withReadableQuery(step), this.variables, (text) => this.expand(text));
    const concealed = replaceValues(open, (slot) => this.#valueFor(slot));
    const { body } = concealed;
    if (body?.option !== 'body' || typeof body.value !== 'string') return concealed;
    return { ...concealed, body: { ...body, value: this.#concealWithin(body.value) } };
  }

  /** Replaces the secrets in settings. */
  concealSettings(settings: Values): Values {
    return Object.fromEntries(
      Object.entries(settings).map(([key, value]) => {
        if (key === 'proxy' && typeof value === 'string') return [key, this.#concealLogin(value)];
        if (typeof value === 'string') return [key, this.#valueFor({ place: 'body', key, noun: '', value })];
        const nested = typeof value === 'object' && value !== null && !Array.isArray(value) && !isCode(value);
        return [key, nested ? this.concealSettings(value as Values) : value];
      }),
    );
  }

  /** Replaces the password in `http://user:password@proxy:3128`. */
  #concealLogin(url: string): Text {
    const [, before = url, password, after = ''] = /^(\w+:\/\/[^:@/]*:)([^@/]+)(@.*)$/.exec(url) ?? [];
    return password === undefined
      ? this.expand(url)
      : concat([this.expand(before), this.conceal(password, ['proxy', 'password']), this.expand(after)]);
  }

  #valueFor({ place, key, value }: Slot): Value {
    if (value === '') return value;
    if (!isSecret({ place, key, value })) return typeof value === 'string' ? this.expand(value) : value;
    const words = wordsOf(key).filter((word) => word !== 'x');
    return this.conceal(String(value), place === 'path' || words.length === 0 ? ['token'] : words);
  }

  #concealWithin(text: string): Text {
    const found = SECRET_IN_XML.exec(text) ?? SECRET_VALUE.exec(text);
    if (found === null) return text;
    const end = found.index + found[0].length;
    const rest = this.#concealWithin(text.slice(end));
    return concat([text.slice(0, found.index), this.conceal(found[0], ['token']), rest]);
  }
}

/** Whether the name of a field suggests a secret. */
export function isSecretName(key: string): boolean {
  const name = wordsOf(key).join(' ');
  return SECRET.test(name) || (MAYBE_SECRET.test(name) && !/\b(?:page|next|type|expires?)\b/.test(name));
}

/** Whether a value is a secret, by its name or its format. */
export function isSecret({ place, key, value }: Pick<Slot, 'place' | 'key' | 'value'>): boolean {
  const text = String(value);
  if (place !== 'path') {
    const name = wordsOf(key).join(' ');
    if (SECRET.test(name)) return true;
    if (MAYBE_SECRET.test(name) && text.length >= 8 && /\d/.test(text)) return true;
    if (ONCE_ONLY.test(name) && looksUnique(text)) return true;
    if (key === 'cookie' || key === 'authorization') return true;
    if (/\b(?:card|pan|number)\b/.test(name) && isCardNumber(text)) return true;
  }
  return SECRET_VALUE.test(text);
}

/** Whether a text is a card number (ISO/IEC 7812, Luhn check). */
function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/[\s-]/g, '');
  if (!/^\d{13,19}$/.test(digits)) return false;
  const sum = digits
    .split('')
    .reverse()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

/** Whether a step sends a password, as a login does. */
export function sendsPassword(step: Step): boolean {
  let found = false;
  replaceValues(step, ({ place, key, value }) => {
    found ||=
      place === 'body' && /\b(?:password|passwd|pwd|passphrase|passcode|pass)\b/.test(wordsOf(key).join(' '));
    return value;
  });
  return found && step.method !== 'GET';
}

/** Parses a raw query if it contains a secret. */
function withReadableQuery(step: Step): Step {
  if (isCode(step.rawQuery)) return step;
  const fields = [...new URLSearchParams(step.rawQuery)];
  if (!fields.some(([key, value]) => isSecret({ place: 'query', key, value }))) return step;
  return { ...step, rawQuery: '', query: grouped(fields) };
}
