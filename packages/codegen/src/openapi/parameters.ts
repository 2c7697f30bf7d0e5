import { concat, isCode, isFields, isList, type Text, type Value } from '../code/code.js';
import { jsonOf } from '../code/json.js';
import { isObject, textOf, type JsonObject } from '../source/json-text.js';
import { firstExample, type ApiDocument } from './document.js';
import type { Fields, Operation } from './operation.js';
import { givenBy, type Samples } from './sample.js';

/** The example, default or constant of a parameter; undefined if there is none. */
export function givenValue(document: ApiDocument, parameter: JsonObject): Value | undefined {
  return (firstExample(parameter) as Value | undefined) ?? givenBy(schemaOf(document, parameter));
}

/** A value for a parameter: its example, or a generated one. */
export function valueOf(samples: Samples, parameter: JsonObject): Value {
  const { document } = samples;
  const name = textOf(parameter['name']);
  return givenValue(document, parameter) ?? samples.of(schemaOf(document, parameter), name) ?? name;
}

/**
 * The schema of a parameter. In Swagger 2.0 the parameter itself is the schema. In OpenAPI 3 the
 * schema is in `schema` or `content`.
 */
function schemaOf(document: ApiDocument, parameter: JsonObject): JsonObject {
  if (document.isSwagger) return parameter;
  const { schema, content } = parameter;
  const [media] = isObject(content) ? Object.values(content) : [];
  return document.resolve(schema ?? (isObject(media) ? media['schema'] : undefined));
}

/**
 * The segments of a path, with values for its parameters.
 * @param known values of parameters, by name
 */
export function segmentsOf(
  samples: Samples,
  { path, parameters }: Operation,
  known: ReadonlyMap<string, Text>,
): Text[] {
  const [plain = ''] = path.split('#');
  return plain.split('/').map((segment) =>
    concat(
      segment.split(/(\{[^}]+\})/).map((part): Text => {
        const name = /^\{(.+)\}$/.exec(part)?.[1];
        if (name === undefined) return part;
        const parameter = parameters.find((one) => one['name'] === name && one['in'] === 'path');
        const value = known.get(name) ?? (parameter ? valueOf(samples, parameter) : name);
        const text = isCode(value) ? value : flat(value, ',');
        // encodeURIComponent throws on unpaired surrogates.
        return isCode(text) ? text : encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '\uFFFD'));
      }),
    ),
  );
}

/** The name of the series: `/pets/[petId]`. */
export function seriesOf({ path }: Operation): string {
  return path.split('#')[0]!.replaceAll(/\{([^}]+)\}/g, '[$1]');
}

/** The required query parameters, serialized in the style of each. */
export function queryOf(samples: Samples, operation: Operation): Fields {
  const query: Fields = {};
  for (const parameter of requiredIn(operation, 'query')) {
    const name = textOf(parameter['name']);
    const value = valueOf(samples, parameter);
    if (parameter['content'] !== undefined) query[name] = jsonOf(value);
    else if (isList(value))
      query[name] = isExploded(parameter) ? fieldOf(value) : flat(value, delimiterOf(parameter));
    else if (isFields(value)) {
      const deep = parameter['style'] === 'deepObject';
      for (const [key, inner] of Object.entries(value))
        query[deep ? `${name}[${key}]` : key] = isFields(inner) || isList(inner) ? flat(inner, ',') : inner;
    } else query[name] = value;
  }
  return query;
}

/** The required headers, including a `cookie` header for required cookies. */
export function headersOf(samples: Samples, operation: Operation): Fields {
  const headers: Fields = {};
  for (const parameter of requiredIn(operation, 'header')) {
    const name = textOf(parameter['name']);
    // The specification ignores header parameters with these names.
    if (!/^(?:accept|content-type|authorization)$/i.test(name))
      headers[name] = flat(valueOf(samples, parameter), ',');
  }
  const cookies = requiredIn(operation, 'cookie').flatMap((parameter, index) => [
    `${index === 0 ? '' : '; '}${textOf(parameter['name'])}=`,
    flat(valueOf(samples, parameter), ','),
  ]);
  return cookies.length === 0 ? headers : { ...headers, cookie: concat(cookies) };
}

function requiredIn({ parameters }: Operation, place: string): JsonObject[] {
  return parameters.filter((parameter) => parameter['in'] === place && parameter['required'] === true);
}

function isExploded({ explode, style, collectionFormat, type }: JsonObject): boolean {
  if (type !== undefined) return collectionFormat === 'multi';
  return typeof explode === 'boolean' ? explode : style === undefined || style === 'form';
}

function delimiterOf({ style, collectionFormat }: JsonObject): string {
  return (
    { spaceDelimited: ' ', ssv: ' ', pipeDelimited: '|', pipes: '|', tsv: '\t' }[
      textOf(style ?? collectionFormat)
    ] ?? ','
  );
}

/** A value for a form field or query parameter. Objects and nested arrays become JSON. */
export function fieldOf(value: Value): Value {
  if (isList(value)) return value.map((one) => (isList(one) || isFields(one) ? jsonOf(one) : one));
  return isFields(value) ? jsonOf(value) : value;
}

/** Joins a value into one text. */
function flat(value: Value, delimiter: string): Text {
  if (isCode(value) || typeof value === 'string') return value;
  if (!isList(value)) return jsonOf(value);
  return concat(value.flatMap((one, index) => [index === 0 ? '' : delimiter, flat(one, delimiter)]));
}
