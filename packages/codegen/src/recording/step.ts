import { concat, isCode, type Text, type Value } from '../code/code.js';
import type { BodyDraft, RequestDraft, Statement } from '../code/draft.js';
import { graphqlOperation } from './graphql.js';
import { looksLikeId } from './ids.js';
import type { RecordedResponse } from './recorded.js';
import { singular, wordsOf } from './words.js';

/** A request between recording and scenario: parsed, but not yet code. */
export interface Step {
  readonly method: string;
  readonly origin: string;
  /** Segments of the path, percent-encoded as in the recording. */
  readonly segments: readonly Text[];
  /** The path with `[id]` in place of ids. */
  readonly pathName: string;
  /** Percent-encoded query, if `query` cannot represent it; otherwise empty. */
  readonly rawQuery: Text;
  readonly query: Values;
  readonly headers: Values;
  readonly body: BodyDraft | undefined;
  readonly options: Pick<RequestDraft, 'timeoutMs' | 'redirects' | 'expect'>;
  readonly response: RecordedResponse | undefined;
  /** The constant that holds the response. */
  readonly into?: string | undefined;
  readonly before?: readonly Statement[];
  readonly after?: readonly Statement[];
}

export type Values = { readonly [name: string]: Value };

/** A value in a request, and its place. */
export interface Slot {
  readonly place: 'path' | 'query' | 'header' | 'body';
  /** The name of the parameter, header or field. In a path, the previous segment. */
  readonly key: string;
  /** What an id identifies: `product` for `/products/7`, `productId` and `product.id`. */
  readonly noun: string;
  /** Decoded text. Only JSON has numbers. */
  readonly value: string | number;
}

/** Returns the new value of a slot, or the slot's own value to keep it. */
export type Replace = (slot: Slot) => Value;

/** Replaces the values of a request by the results of `replace`. */
export function replaceValues(step: Step, replace: Replace): Step {
  const segments = step.segments.map((segment, index) => {
    if (isCode(segment)) return segment;
    const before = step.segments[index - 1] ?? '';
    const key = isCode(before) ? '' : before;
    const value = decode(segment);
    const replaced = replace({ place: 'path', key, noun: nounOf(key), value });
    return replaced === value ? segment : (replaced as Text);
  });
  const named = step.pathName.split('/').map((name, index) => {
    const [was, is] = [step.segments[index], segments[index]];
    return was !== is && isCode(is) ? '[id]' : name;
  });
  return {
    ...step,
    segments,
    pathName: named.join('/'),
    query: replaceFields(step.query, 'query', replace),
    headers: replaceFields(step.headers, 'header', replace),
    body: step.body && { ...step.body, value: replaceIn(step.body.value, 'body', '', replace) },
  };
}

function replaceFields(values: Values, place: Slot['place'], replace: Replace): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, replaceIn(value, place, key, replace)]),
  );
}

function replaceIn(value: Value, place: Slot['place'], key: string, replace: Replace, parent = ''): Value {
  if (typeof value === 'string' || typeof value === 'number')
    return replace({ place, key, noun: nounOf(key) || nounOf(parent), value });
  if (typeof value !== 'object' || value === null || isCode(value)) return value;
  if (Array.isArray(value)) return value.map((one: Value) => replaceIn(one, place, key, replace, parent));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      replaceIn(inner as Value, place, name, replace, key),
    ]),
  );
}

/** `product` for `products`, `productId` and `product_ids`; empty for `id`. */
export function nounOf(key: string): string {
  const words = wordsOf(key).filter(
    (word) => !/^(?:ids?|uuids?|guids?|sku|key|no|number|code|ref)$/.test(word),
  );
  return singular(words.at(-1) ?? '');
}

/** `/products/[id]` for `/products/7`. */
export function pathNameOf(segments: readonly string[]): string {
  return segments.map((segment) => (looksLikeId(decode(segment)) ? '[id]' : segment)).join('/');
}

/** The base URL of a request; empty if it follows the target. */
export interface Place {
  readonly url: Text;
  /** The prefix of the series name. */
  readonly name: Text;
}

export const AT_TARGET: Place = { url: '', name: '' };

/** The place of requests to another host than the target. */
export function placeAt(url: Text): Place {
  return { url, name: url };
}

/** Converts a step to a request of the scenario. */
export function requestOf(step: Step, place: Place): RequestDraft {
  const path = concat(step.segments.flatMap((segment, index) => (index === 0 ? [segment] : ['/', segment])));
  const url = concat([place.url, path, step.rawQuery === '' ? '' : '?', step.rawQuery]);
  const operation = graphqlOperation(step.body);
  const name = operation === undefined ? step.pathName : `${step.pathName} ${operation}`;
  const isUsual = name === path && place.name === place.url;
  return {
    method: step.method,
    url,
    ...(!isUsual && { name: concat([place.name, name]) }),
    ...(Object.keys(step.query).length > 0 && { query: step.query }),
    ...(Object.keys(step.headers).length > 0 && { headers: step.headers }),
    body: step.body,
    ...step.options,
  };
}

/** Percent-decodes a text, or returns it unchanged if its escapes are invalid. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
