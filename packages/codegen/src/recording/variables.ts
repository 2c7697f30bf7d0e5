import { isCode, isFields, isList, type Text, type Value } from '../code/code.js';
import type { Step, Values } from './step.js';

/** A variable of the source whose value is unknown, such as a shell variable. */
export interface UnsetVariable {
  readonly name: string;
  /** The text in the source: `$TOKEN`. */
  readonly source: string;
}

/** Unset variables by placeholder. Placeholders are letters and digits, and occur nowhere else. */
export type UnsetVariables = ReadonlyMap<string, UnsetVariable>;

/** Splits a text into variables and the texts between them, in order. */
export function splitAtPlaceholders(text: string, variables: UnsetVariables): (string | UnsetVariable)[] {
  if (variables.size === 0) return [text];
  const placeholders = [...variables.keys()].toSorted((one, other) => other.length - one.length);
  const pieces = text.split(new RegExp(`(${placeholders.join('|')})`, 'i'));
  return pieces.map((piece) => variables.get(piece.toLowerCase()) ?? piece).filter((piece) => piece !== '');
}

/** Replaces the placeholders in a text by the text of the source. */
export function withSources(text: string, variables: UnsetVariables): string {
  return splitAtPlaceholders(text, variables)
    .map((piece) => (typeof piece === 'string' ? piece : piece.source))
    .join('');
}

/**
 * Replaces placeholders in the path, the raw query and in names, by code or by the text of the
 * source. Values keep their placeholders.
 */
export function withoutPlaceholders(
  step: Step,
  variables: UnsetVariables,
  expand: (text: string) => Text,
): Step {
  if (variables.size === 0) return step;
  const hasPlaceholder = (text: Text): text is string =>
    typeof text === 'string' &&
    splitAtPlaceholders(text, variables).some((piece) => typeof piece !== 'string');
  const names = step.pathName.split('/').map((name) => {
    const pieces = splitAtPlaceholders(name, variables);
    if (pieces.length === 1 && typeof pieces[0] !== 'string') return '[id]';
    return pieces.map((piece) => (typeof piece === 'string' ? piece : `[${piece.name}]`)).join('');
  });
  return {
    ...step,
    segments: step.segments.map((segment) => (hasPlaceholder(segment) ? expand(segment) : segment)),
    pathName: names.join('/'),
    rawQuery: hasPlaceholder(step.rawQuery) ? expand(step.rawQuery) : step.rawQuery,
    query: renamed(step.query, variables),
    headers: renamed(step.headers, variables),
    body: step.body && { ...step.body, value: renamedIn(step.body.value, variables) },
  };
}

function renamed(values: Values, variables: UnsetVariables): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      withSources(name, variables),
      renamedIn(value, variables),
    ]),
  );
}

function renamedIn(value: Value, variables: UnsetVariables): Value {
  if (isCode(value) || typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((one) => renamedIn(one, variables));
  return isFields(value) ? renamed(value, variables) : value;
}

/** Whether the name of a field or header has a placeholder, which code cannot replace. */
export function hasPlaceholderInName({ query, headers, body }: Step, variables: UnsetVariables): boolean {
  const within = (value: Value): boolean => {
    if (isCode(value) || typeof value !== 'object' || value === null) return false;
    if (isList(value)) return value.some(within);
    return Object.entries(value).some(
      ([name, inner]) => withSources(name, variables) !== name || within(inner as Value),
    );
  };
  return variables.size > 0 && [query, headers, body?.value ?? null].some(within);
}
