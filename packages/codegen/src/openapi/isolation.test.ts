import { describe, expect, test } from '@jest/globals';
import { api, OK } from '../../test/openapi.js';
import { readApiDraft } from './draft.js';

describe('a bad operation does not affect the others', () => {
  const body = (schema: unknown) => ({ ...OK, requestBody: { content: { 'application/json': { schema } } } });
  test.each<[string, object, string]>([
    [
      'a broken reference',
      { post: { $ref: '#/components/x' } },
      "POST /bad ($ref '#/components/x' does not exist)",
    ],
    [
      'a path in another file',
      { $ref: 'paths.yaml#/bad' },
      "/bad ($ref 'paths.yaml#/bad' is in another file)",
    ],
    [
      'a broken reference to a parameter',
      { get: { ...OK, parameters: [{ $ref: '#/components/parameters/x' }] } },
      "GET /bad ($ref '#/components/parameters/x' does not exist)",
    ],
    [
      'a broken reference to a schema',
      { post: body({ properties: { a: { $ref: '#/components/schemas/A' } } }) },
      "createBad ($ref '#/components/schemas/A' does not exist)",
    ],
    [
      'a body with an unknown type',
      { post: { ...OK, requestBody: { content: { 'application/x-own': {} } } } },
      'createBad (its application/x-own body has no example)',
    ],
  ])('%s', (_, bad, why) => {
    const draft = readApiDraft(api({ '/bad': bad, '/good': { get: OK } }), 'api.json', {
      keepSecrets: false,
      keepHosts: [],
    });
    expect(draft.about).toEqual(['From api.json, An API 1: 1 of 2 operations.', `Left out: ${why}.`]);
    expect(draft.user.tasks.map(({ name }) => name)).toEqual(['getGood']);
  });

  test('a broken reference that no request needs has no effect', () => {
    const response = { content: { 'application/json': { schema: { $ref: '#/components/schemas/X' } } } };
    const properties = { a: { type: 'string' }, b: { $ref: '#/components/schemas/X' } };
    const post = { ...body({ required: ['a'], properties }), responses: { 201: response } };
    const draft = readApiDraft(api({ '/pets': { post }, '/pets/{id}': { get: OK } }), 'api.json', {
      keepSecrets: false,
      keepHosts: [],
    });
    expect(draft.about).toEqual(['From api.json, An API 1: 2 of 2 operations.']);
  });

  test('a duplicate path in YAML is listed, and the last one is used', () => {
    const text = `openapi: 3.1.0
servers: [{ url: https://api.example }]
paths:
  /a: { get: { operationId: first } }
  /a: { get: { operationId: second } }`;
    const draft = readApiDraft(text, 'api.yaml', { keepSecrets: false, keepHosts: [] });
    expect(draft.user.tasks.map(({ name }) => name)).toEqual(['second']);
    expect(draft.about).toContain('The document has duplicate keys. The last one is used: line 5, column 3.');
  });
});
