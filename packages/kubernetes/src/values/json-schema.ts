import type { Field, Fields } from './schema.js';

/** The JSON Schema of an object with these fields, as Helm and editors read it. */
export function jsonSchemaOf(fields: Fields): Record<string, unknown> {
  const properties = Object.entries(fields).map(([name, field]) => [
    name,
    { ...typeOf(field), description: field.about, ...(field.kind !== 'group' && { default: field.default }) },
  ]);
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) };
}

function typeOf(field: Field): Record<string, unknown> {
  switch (field.kind) {
    case 'text':
      return {
        type: 'string',
        ...(field.pattern && { pattern: field.pattern.source }),
        ...(field.choices && { enum: field.choices }),
      };
    case 'count':
      return { type: 'integer', minimum: field.min, maximum: field.max };
    case 'flag':
      return { type: 'boolean' };
    case 'list':
      return { type: 'array', items: { type: field.items === 'text' ? 'string' : 'object' } };
    case 'map':
      return {
        type: 'object',
        ...(field.entries === 'text' && { additionalProperties: { type: 'string' } }),
      };
    case 'group':
      return jsonSchemaOf(field.fields);
  }
}
