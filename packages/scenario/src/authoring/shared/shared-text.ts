import {
  formatCount,
  MAX_SHARED_CHARACTERS,
  MAX_SHARED_ENTRIES,
  MAX_SHARED_NAME_LENGTH,
  MAX_SHARED_NAMES,
  MAX_SHARED_VALUE_BYTES,
  type SharedRefusal,
} from '@drumline/model';

type Kind = 'counter' | 'queue' | 'map';

/** @throws TypeError if it is not a short text */
export function requireName(kind: Kind, name: unknown): void {
  if (typeof name === 'string' && name !== '' && name.length <= MAX_SHARED_NAME_LENGTH) return;
  throw new TypeError(
    `shared.${kind}: the name must be text of 1 to ${MAX_SHARED_NAME_LENGTH} characters, not ${JSON.stringify(name)?.slice(0, 80)}`,
  );
}

/** @throws TypeError if it is not a short text */
export function requireKey(name: string, key: unknown): void {
  if (typeof key === 'string' && key.length <= MAX_SHARED_NAME_LENGTH) return;
  throw new TypeError(
    `shared.map('${name}'): the key must be text of at most ${MAX_SHARED_NAME_LENGTH} characters, not ${JSON.stringify(key)?.slice(0, 80)}`,
  );
}

/**
 * A value as JSON.
 * @throws TypeError if it is not plain data
 * @throws RangeError if it is too long
 */
export function jsonOf(kind: Kind, name: string, value: unknown): string {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined)
    throw new TypeError(`shared.${kind}('${name}'): the value is ${typeof value}, not plain data`);
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_SHARED_VALUE_BYTES)
    throw new RangeError(
      `shared.${kind}('${name}'): the value has ${formatCount(bytes)} bytes as JSON, at most ${formatCount(MAX_SHARED_VALUE_BYTES)} are allowed`,
    );
  return json;
}

/** The answer, unless the operation was refused. @throws RangeError that says why */
export function accepted<A extends object>(kind: Kind, name: string, answer: A | SharedRefusal): A {
  if (!('refused' in answer)) return answer;
  const what = {
    names: `there are ${formatCount(MAX_SHARED_NAMES)} ${kind}s already`,
    entries: `it has ${formatCount(MAX_SHARED_ENTRIES)} values already`,
    characters: `all shared values have ${formatCount(MAX_SHARED_CHARACTERS)} characters already`,
    number: 'the sum is larger than numbers that are exact',
  }[answer.refused];
  throw new RangeError(`shared.${kind}('${name}'): ${what}`);
}
