import { closest } from '@drumline/model';

interface Parameter {
  readonly type: 'string' | 'integer' | 'boolean';
  readonly description: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

/** The query parameters of a route. */
export interface QuerySchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Parameter>>;
  readonly required?: readonly string[];
}

type Read = (given: Record<string, unknown>) => { value: unknown } | { error: Error };

/**
 * Validates query parameters, and converts them: their values are text, and type coercion is off
 * for bodies. Refuses unknown parameters, which are likely misspelled. Other parts of a request
 * pass.
 */
export function readQuery({ httpPart, schema }: { httpPart?: string; schema: unknown }): Read {
  if (httpPart !== 'querystring') return (value) => ({ value });
  const { properties, required = [] } = schema as QuerySchema;
  return (given) => {
    const value: Record<string, unknown> = {};
    const missing = required.find((name) => given[name] === undefined);
    if (missing !== undefined) return { error: new Error(`the query must have ${missing}`) };
    for (const [name, text] of Object.entries(given)) {
      const parameter = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (!parameter) return { error: new Error(unknownParameter(name, Object.keys(properties))) };
      const read = typeof text === 'string' ? convert(text, parameter) : undefined;
      if (read === undefined) return { error: new Error(`${name} must be ${expected(parameter)}`) };
      value[name] = read;
    }
    return { value };
  };
}

function convert(text: string, parameter: Parameter): string | number | boolean | undefined {
  const { type, minimum = 0, maximum = 999_999_999, maxLength = 1_000 } = parameter;
  if (type === 'string') return text.length <= maxLength ? text : undefined;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  return number >= minimum && number <= maximum ? number : undefined;
}

function expected({ type, minimum = 0, maximum = 999_999_999, maxLength = 1_000 }: Parameter): string {
  if (type === 'boolean') return 'true or false';
  if (type === 'string') return `one text of at most ${maxLength} characters`;
  return `a whole number from ${minimum} to ${maximum}`;
}

function unknownParameter(name: string, known: readonly string[]): string {
  const near = closest(name, known);
  const hint = near === undefined ? `they are: ${known.join(', ')}` : `did you mean ${near}?`;
  return `there is no parameter '${name.slice(0, 50)}'; ${hint}`;
}
