import { isCode, isFields, isList, type Text, type Value } from '../code/code.js';
import type { Step, Values } from './step.js';

/** A variable that a source leaves open, such as one of a shell. */
export interface OpenVariable {
  readonly name: string;
  /** As the source has it: `$TOKEN`. */
  readonly source: string;
}

/**
 * Variables by the marks that stand for them in the values of steps: letters and digits that occur
 * nowhere else.
 */
export type OpenVariables = ReadonlyMap<string, OpenVariable>;

/** Splits a text at its marks, in order: the texts between them, and the variables. */
export function splitAtMarks(text: string, variables: OpenVariables): (string | OpenVariable)[] {
  if (variables.size === 0) return [text];
  const marks = [...variables.keys()].toSorted((one, other) => other.length - one.length);
  const pieces = text.split(new RegExp(`(${marks.join('|')})`, 'i'));
  return pieces.map((piece) => variables.get(piece.toLowerCase()) ?? piece).filter((piece) => piece !== '');
}

/** A text with its variables as the source has them. */
export function withSources(text: string, variables: OpenVariables): string {
  return splitAtMarks(text, variables)
    .map((piece) => (typeof piece === 'string' ? piece : piece.source))
    .join('');
}

/**
 * A step whose paths, query and names have code or the source's own text in place of marks; values
 * keep theirs.
 */
export function withoutMarks(step: Step, variables: OpenVariables, expand: (text: string) => Text): Step {
  if (variables.size === 0) return step;
  const hasMark = (text: Text): text is string =>
    typeof text === 'string' && splitAtMarks(text, variables).some((piece) => typeof piece !== 'string');
  const names = step.pathName.split('/').map((name) => {
    const pieces = splitAtMarks(name, variables);
    if (pieces.length === 1 && typeof pieces[0] !== 'string') return '[id]';
    return pieces.map((piece) => (typeof piece === 'string' ? piece : `[${piece.name}]`)).join('');
  });
  return {
    ...step,
    segments: step.segments.map((segment) => (hasMark(segment) ? expand(segment) : segment)),
    pathName: names.join('/'),
    rawQuery: hasMark(step.rawQuery) ? expand(step.rawQuery) : step.rawQuery,
    query: renamed(step.query, variables),
    headers: renamed(step.headers, variables),
    body: step.body && { ...step.body, value: renamedIn(step.body.value, variables) },
  };
}

function renamed(values: Values, variables: OpenVariables): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      withSources(name, variables),
      renamedIn(value, variables),
    ]),
  );
}

function renamedIn(value: Value, variables: OpenVariables): Value {
  if (isCode(value) || typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((one) => renamedIn(one, variables));
  return isFields(value) ? renamed(value, variables) : value;
}

/** Whether a name of a field or header has a mark, which code cannot take the place of. */
export function hasMarkInName({ query, headers, body }: Step, variables: OpenVariables): boolean {
  const within = (value: Value): boolean => {
    if (isCode(value) || typeof value !== 'object' || value === null) return false;
    if (isList(value)) return value.some(within);
    return Object.entries(value).some(
      ([name, inner]) => withSources(name, variables) !== name || within(inner as Value),
    );
  };
  return variables.size > 0 && [query, headers, body?.value ?? null].some(within);
}
