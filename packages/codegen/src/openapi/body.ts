import { isCode, isFields, isList, type Text, type Value } from '../code/code.js';
import type { BodyDraft } from '../code/draft.js';
import { jsonOf } from '../code/json.js';
import { isObject, listOf, objectOf, textOf, type JsonObject } from '../source/json-text.js';
import { isJsonType } from '../recording/body.js';
import { baseType } from '../recording/headers.js';
import { firstExample, type ApiDocument } from './document.js';
import type { Fields, Operation } from './operation.js';
import { fieldOf, valueOf } from './parameters.js';
import type { Samples } from './sample.js';

/** A request body, and the headers that describe it. */
export interface OperationBody {
  readonly body: BodyDraft;
  readonly headers: Fields;
}

const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data';
const OWN_TYPES = new Set(['application/json', FORM, MULTIPART]);

/**
 * Generates the body of an operation.
 * @returns undefined for no body; a string with the reason if no body can be generated
 */
export function bodyOf(samples: Samples, operation: Operation): OperationBody | string | undefined {
  const { document } = samples;
  const media = mediaOf(samples, operation);
  if (media === undefined) return undefined;
  const { type, schema, example } = media;
  const base = baseType(type);
  const headers: Fields = OWN_TYPES.has(base) ? {} : { 'content-type': type };
  const sample = (): Value => (example as Value | undefined) ?? samples.of(schema) ?? {};
  if (isJsonType(base) || base === '*/*')
    return { body: { option: 'json', value: sample() }, headers: base === '*/*' ? {} : headers };
  if (base === FORM) return formOf(sample(), type);
  if (base === MULTIPART) {
    const properties = objectOf(document.resolve(schema)['properties']);
    return { body: { option: 'multipart', value: parts(document, sample(), properties) }, headers };
  }
  if (typeof example === 'string') return { body: { option: 'body', value: example }, headers };
  if (/^text\/(?!xml)|octet-stream/.test(base))
    return { body: { option: 'body', value: 'content' }, headers };
  return `its ${base} body has no example`;
}

/** A form. An example that is not an object is sent as text. */
function formOf(sample: Value, type: string): OperationBody {
  if (isFields(sample)) return { body: { option: 'form', value: plainFields(sample) }, headers: {} };
  const text = isCode(sample) || typeof sample === 'string' ? sample : jsonOf(sample);
  return { body: { option: 'body', value: text }, headers: { 'content-type': type } };
}

/** The schema of the body of an operation; undefined if there is none. */
export function bodySchemaOf(samples: Samples, operation: Operation): unknown {
  return mediaOf(samples, operation)?.schema;
}

function mediaOf(samples: Samples, operation: Operation): Media | undefined {
  const { document } = samples;
  return document.isSwagger ? swaggerMedia(samples, operation) : requestMedia(document, operation);
}

interface Media {
  readonly type: string;
  readonly schema: unknown;
  readonly example: unknown;
}

function requestMedia(document: ApiDocument, { spec }: Operation): Media | undefined {
  const content = objectOf(document.resolve(spec['requestBody'])['content']);
  const type = preferred(Object.keys(content));
  if (type === undefined) return undefined;
  const media = document.resolve(content[type]);
  return { type, schema: media['schema'], example: firstExample(resolvedExamples(document, media)) };
}

/** Resolves references in named examples. */
function resolvedExamples(document: ApiDocument, media: JsonObject): JsonObject {
  const { examples } = media;
  if (!isObject(examples)) return media;
  const resolved = Object.entries(examples).map(([name, example]) => [name, document.resolve(example)]);
  return { ...media, examples: Object.fromEntries(resolved) as JsonObject };
}

/** The body of a Swagger 2.0 operation, where the body or each form field is a parameter. */
function swaggerMedia(samples: Samples, { spec, parameters }: Operation): Media | undefined {
  const { document } = samples;
  const consumes =
    [spec['consumes'], document.root['consumes']].map(listOf).find((list) => list.length > 0) ?? [];
  const types = consumes.map(String);
  const body = parameters.find((parameter) => parameter['in'] === 'body');
  if (body)
    return {
      type: preferred(types) ?? 'application/json',
      schema: body['schema'],
      example: firstExample(body),
    };
  const fields = parameters.filter((parameter) => parameter['in'] === 'formData');
  if (fields.length === 0) return undefined;
  const hasFile = fields.some((field) => field['type'] === 'file');
  // Only multipart forms can contain files.
  const type = hasFile ? MULTIPART : (types.find((one) => one === FORM || one === MULTIPART) ?? FORM);
  const required = fields.filter((field) => field['required'] === true);
  const sent = required.length > 0 ? required : fields;
  const properties = sent.map((field) => [
    textOf(field['name']),
    field['type'] === 'file'
      ? { type: 'string', format: 'binary' }
      : { ...field, required: undefined, example: valueOf(samples, field) },
  ]);
  return {
    type,
    schema: { type: 'object', properties: Object.fromEntries(properties) as JsonObject },
    example: undefined,
  };
}

/** Chooses a content type: JSON, then forms, then any other. */
function preferred(types: readonly string[]): string | undefined {
  const ranks = [
    /^application\/json\b/,
    /[/+]json\b/,
    /^\*\/\*$/,
    /x-www-form-urlencoded/,
    /^multipart\/form-data/,
    /^text\/plain/,
  ];
  return (
    ranks.map((rank) => types.find((type) => rank.test(type))).find((type) => type !== undefined) ?? types[0]
  );
}

function plainFields(sample: { readonly [name: string]: Value }): Value {
  return Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, fieldOf(value)]));
}

function parts(document: ApiDocument, sample: Value, properties: JsonObject): Value {
  if (!isFields(sample)) return {};
  return Object.fromEntries(
    Object.entries(sample).map(([name, value]) => {
      const schema = document.resolve(properties[name]);
      const file = { filename: `${name}.bin`, content: 'content' };
      if (isFile(schema)) return [name, file];
      if (!isList(value)) return [name, partText(value)];
      return [name, isFile(document.resolve(schema['items'])) ? [file] : value.map(partText)];
    }),
  );
}

function partText(value: Value): Text {
  return isCode(value) || typeof value === 'string' ? value : jsonOf(value);
}

function isFile({ format, contentMediaType, contentEncoding }: JsonObject): boolean {
  return format === 'binary' || (contentMediaType !== undefined && contentEncoding === undefined);
}
