import { isJsonType } from '../recording/body.js';
import type { RecordedResponse } from '../recording/recorded.js';
import { nounOf, type Step } from '../recording/step.js';

/** A value in a response that later requests may send. */
export interface Leaf {
  /** Index of the step whose response contains it. */
  readonly step: number;
  /** Path in the JSON. In HTML, a regular expression whose first group matches the value. */
  readonly at: readonly (string | number)[] | string;
  /** The nearest property name. */
  readonly key: string;
  /** What an id identifies: `product` for `products[3].id`, or for `id` from `/products/7`. */
  readonly noun: string;
  readonly value: string | number;
}

const MOST_LEAVES = 20_000;
const DEEPEST_LEAF = 100;

/** Keys that do not describe the values below them. */
const WRAPPERS = new Set(
  'items data results result content list records rows entries nodes node edges hits docs payload response values page'.split(
    ' ',
  ),
);

/** The strings and numbers in the JSON of a response, in their order. */
export function leavesOf(step: Step, index: number): Leaf[] {
  const json = jsonOf(step.response);
  if (json === undefined) return [];
  const leaves: Leaf[] = [];
  const words = step.pathName.split('/').filter((name) => name !== '' && name !== '[id]');
  const visit = (value: unknown, at: (string | number)[], key: string, noun: string): void => {
    if (leaves.length >= MOST_LEAVES || at.length > DEEPEST_LEAF) return;
    if (typeof value === 'string' || typeof value === 'number') {
      leaves.push({ step: index, at, key, noun: nounOf(key) || noun, value });
    } else if (Array.isArray(value)) {
      value.forEach((one, position) => visit(one, [...at, position], key, noun));
    } else if (typeof value === 'object' && value !== null) {
      const below = WRAPPERS.has(key) ? noun : nounOf(key) || noun;
      for (const [name, inner] of Object.entries(value)) visit(inner, [...at, name], name, below);
    }
  };
  visit(json, [], '', nounOf(words.at(-1) ?? ''));
  return leaves;
}

function jsonOf(response: RecordedResponse | undefined): unknown {
  if (response === undefined || !isJsonType(response.mimeType)) return undefined;
  try {
    return JSON.parse(response.text);
  } catch {
    return undefined;
  }
}

/** Finds a value in an `input` or `meta` tag of an HTML response. */
export function htmlLeaf(step: Step, index: number, key: string, value: string): Leaf | undefined {
  const { response } = step;
  if (response === undefined || !/\bhtml\b/.test(response.mimeType)) return undefined;
  if (!response.text.includes(value)) return undefined;
  for (const [tag] of response.text.matchAll(/<(?:input|meta)\b[^>]*>/gi)) {
    const start = tag.search(new RegExp(`\\b(?:value|content)=(["'])${escapePattern(value)}\\1`));
    if (start < 0) continue;
    const name = /\b(?:name|id)=(["'])(?:(?!\1).)*\1/s.exec(tag);
    if (name === null) continue;
    const from = Math.min(start, name.index);
    const to = Math.max(
      start + tag.slice(start).indexOf(value) + value.length + 1,
      name.index + name[0].length,
    );
    const [before = '', after = ''] = tag.slice(from, to).split(value);
    return {
      step: index,
      at: `${escapePattern(before)}([^"']+)${escapePattern(after)}`,
      key,
      noun: '',
      value,
    };
  }
  return undefined;
}

/** Escapes a text for a regular expression. Whitespace other than one space matches any. */
function escapePattern(text: string): string {
  return text
    .replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)
    .replaceAll(/\s+/g, (space) => (space === ' ' ? ' ' : '\\s+'));
}
