import { describe, expect, test } from '@jest/globals';
import { renderScenario } from '../code/scenario.js';
import { api, OK } from '../../test/openapi.js';
import { readApiDraft } from './draft.js';

function scenarioOf(text: string): string {
  return renderScenario(readApiDraft(text, 'api.json', { keepSecrets: false, keepHosts: [] }), 'ts').text;
}

/** The generated body for a schema. */
function sampleOf(schema: object, schemas: object = {}): string {
  const post = { ...OK, requestBody: { content: { 'application/json': { schema } } } };
  const scenario = scenarioOf(api({ '/x': { post } }, { components: { schemas } }));
  return /http\.post\('\/x', \{\s*json: ([\s\S]*?),?\s*\}\);/.exec(scenario)?.[1] ?? scenario;
}

test.each(['multipart/form-data', 'application/x-www-form-urlencoded'])(
  'JSON in a field of %s contains the value of a secret',
  (type) => {
    const account = { properties: { n: { type: 'integer' }, password: { type: 'string' } } };
    const schema = { properties: { account, list: { type: 'array', items: account } } };
    const scenario = scenarioOf(
      api({ '/x': { post: { ...OK, requestBody: { content: { [type]: { schema } } } } } }),
    );
    expect(scenario).toContain('account: `{"n":1,"password":${JSON.stringify(PASSWORD)}}`');
    expect(scenario).toContain('list: [`{"n":1,"password":${JSON.stringify(PASSWORD)}}`]');
  },
);

describe('a body has', () => {
  const $ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  test.each<[string, object, object, string]>([
    ['the example of the schema', { type: 'object', example: { a: 1 } }, {}, '{ a: 1 }'],
    ['the first of several examples', { type: 'string', examples: ['one', 'two'] }, {}, "'one'"],
    ['the default', { properties: { a: { type: 'integer', default: 5 } } }, {}, '{ a: 5 }'],
    [
      'the required properties',
      { type: 'object', required: ['a'], properties: { a: { const: 'x' }, b: {} } },
      {},
      "{ a: 'x' }",
    ],
    [
      'all properties if none is required, except for read-only and deprecated ones',
      { properties: { id: { readOnly: true }, a: { enum: ['x', 'y'] }, old: { deprecated: true } } },
      {},
      "{ a: 'x' }",
    ],
    [
      'the properties of all parts of allOf',
      { allOf: [$ref('A'), { required: ['b'], properties: { b: { type: 'boolean' } } }] },
      {
        A: { required: ['a'], properties: { a: { type: 'number', minimum: 2.5 }, c: {} }, example: { a: 9 } },
      },
      '{ a: 3, b: true }',
    ],
    [
      'one alternative, and the shared properties',
      {
        properties: { kind: { const: 'k' } },
        oneOf: [{ type: 'null' }, { properties: { a: { type: 'integer' } } }],
      },
      {},
      "{ kind: 'k', a: 1 }",
    ],
    [
      'as many items as required',
      { type: 'array', minItems: 2, items: { type: 'integer', exclusiveMinimum: 10 } },
      {},
      '[11, 11]',
    ],
    [
      'texts that name their field',
      {
        properties: {
          firstName: {},
          petId: {},
          email: {},
          born: { format: 'date' },
          pin_code: { minLength: 9 },
        },
      },
      {},
      "{\n          firstName: 'first name',\n          petId: 'pet-1',\n          email: 'user@example.com',\n          born: '2026-01-31',\n          pin_code: PIN_CODE,\n        }",
    ],
    [
      'no recursion',
      $ref('Node'),
      {
        Node: {
          properties: {
            name: { type: ['null', 'string'] },
            next: $ref('Node'),
            all: { type: 'array', items: $ref('Node') },
          },
        },
      },
      "{ name: 'name', all: [] }",
    ],
    ['texts of an allowed length', { type: 'string', minLength: 6, maxLength: 8 }, {}, "'textxx'"],
  ])('%s', (_, schema, schemas, expected) => {
    expect(sampleOf(schema, schemas)).toBe(expected);
  });
});

describe('parameters', () => {
  const parameter = (place: string, schema: object, rest: object = {}) => ({
    name: 'p',
    in: place,
    required: true,
    schema,
    ...rest,
  });
  const list = { type: 'array', example: ['a', 'b'] };
  const fields = { type: 'object', example: { a: 1, b: 'x' } };
  test.each<[string, object, string]>([
    ['a list', parameter('query', list), "query: { p: ['a', 'b'] }"],
    ['a list in one value', parameter('query', list, { explode: false }), "query: { p: 'a,b' }"],
    [
      'a list separated by bars',
      parameter('query', list, { explode: false, style: 'pipeDelimited' }),
      "query: { p: 'a|b' }",
    ],
    ['fields', parameter('query', fields), "query: { a: 1, b: 'x' }"],
    ['deep fields', parameter('query', fields, { style: 'deepObject' }), "query: { 'p[a]': 1, 'p[b]': 'x' }"],
    [
      'JSON',
      { ...parameter('query', {}), schema: undefined, content: { 'application/json': { schema: fields } } },
      `query: { p: '{"a":1,"b":"x"}' }`,
    ],
    [
      'an example of the parameter',
      parameter('query', { type: 'string' }, { examples: { one: { value: 'mine' } } }),
      "query: { p: 'mine' }",
    ],
    ['a header', parameter('header', { type: 'integer' }), 'headers: { p: 1 }'.replace('1', "'1'")],
    ['a cookie', parameter('cookie', { type: 'string' }), "headers: { cookie: 'p=p' }"],
    ['optional parameters are not sent', { ...parameter('query', {}), required: false }, "http.get('/x');"],
    [
      'headers that the specification ignores',
      { ...parameter('header', {}), name: 'Authorization' },
      "http.get('/x');",
    ],
  ])('%s', (_, given, expected) => {
    expect(scenarioOf(api({ '/x': { get: { ...OK, parameters: [given] } } }))).toContain(expected);
  });

  test('of the path do not change the name of the series', () => {
    const parameters = [
      parameter('path', { type: 'string', example: 'a b' }),
      { ...parameter('path', { enum: ['json'] }), name: 'format' },
    ];
    const scenario = scenarioOf(api({ '/x/{p}.{format}': { parameters, get: OK } }));
    expect(scenario).toContain("http.get('/x/a%20b.json', { name: '/x/[p].[format]' })");
  });
});

describe('a resource in a path', () => {
  const id = { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }] };
  const made = {
    201: {
      description: 'made',
      content: { 'application/json': { schema: { properties: { id: { type: 'integer' } } } } },
    },
  };
  const post = {
    requestBody: { content: { 'application/json': { schema: { properties: { id: {}, name: {} } } } } },
    responses: made,
  };

  test('is created first, if the API can create it', () => {
    const scenario = scenarioOf(
      api({ '/pets': { post }, '/pets/{id}': { ...id, get: OK }, '/pets/{id}/toys': { ...id, get: OK } }),
    );
    expect(scenario).toContain("const pet = await http.post('/pets', { json: { name: 'name' } });");
    expect(scenario).toContain('state.petId = pet.json<{ id: number }>().id;');
    expect(scenario).toContain("http.get(`/pets/${state.petId}`, { name: '/pets/[id]' })");
    expect(scenario).toContain("http.get(`/pets/${state.petId}/toys`, { name: '/pets/[id]/toys' })");
  });

  test('is created after its parent', () => {
    const toy = { parameters: [...id.parameters, { ...id.parameters[0], name: 'toyId' }] };
    const scenario = scenarioOf(
      api({
        '/pets/{id}/toys/{toyId}': { ...toy, get: OK },
        '/pets/{id}': { ...id, get: OK },
        '/pets/{id}/toys': { ...id, post },
        '/pets': { post },
      }),
    );
    expect(scenario).toMatch(
      /state\.petId = [\s\S]*http\.post\(`\/pets\/\$\{state\.petId\}\/toys`[\s\S]*state\.toyId = /,
    );
    expect(scenario).toContain('http.get(`/pets/${state.petId}/toys/${state.toyId}`');
  });

  test('is deleted only by the task that created it', () => {
    const given = { parameters: [{ ...id.parameters[0], example: 17 }] };
    const scenario = scenarioOf(api({ '/pets': { post }, '/pets/{id}': { ...given, get: OK, delete: OK } }));
    expect(scenario).toContain("http.get('/pets/17'");
    expect(scenario).toMatch(
      /const \{ id: petId \} = pet\.json<\{ id: number \}>\(\);\n\s+await http\.delete\(`\/pets\/\$\{petId\}`/,
    );
  });
});

describe('authentication', () => {
  const secured = (scheme: object) =>
    scenarioOf(
      api({ '/x': { get: OK } }, { security: [{ s: [] }], components: { securitySchemes: { s: scheme } } }),
    );
  test.each<[string, object, string]>([
    ['by a token', { type: 'http', scheme: 'bearer' }, 'http.auth({ bearer: API_TOKEN });'],
    ['by OAuth', { type: 'oauth2', flows: {} }, 'http.auth({ bearer: API_TOKEN });'],
    [
      'by a password',
      { type: 'http', scheme: 'Basic' },
      'http.auth({ username: API_USERNAME, password: API_PASSWORD });',
    ],
    [
      'by a key in a header',
      { type: 'apiKey', in: 'header', name: 'X-Key' },
      "http: { headers: { 'X-Key': API_KEY } }",
    ],
    [
      'by a key in the query',
      { type: 'apiKey', in: 'query', name: 'app_key' },
      'query: { app_key: APP_KEY }',
    ],
    ['by a cookie', { type: 'apiKey', in: 'cookie', name: 'sid' }, "http.cookies.set('sid', API_SID);"],
  ])('%s', (_, scheme, expected) => {
    expect(secured(scheme)).toContain(expected);
  });
});

describe('the target', () => {
  test.each<[string, object, string]>([
    [
      'the first server',
      {
        servers: [
          { url: 'https://{r}.x.example/{v}/', variables: { r: { default: 'eu' }, v: { default: 2 } } },
        ],
      },
      'https://eu.x.example/2',
    ],
    ['localhost, if the server has no host', { servers: [{ url: '/api' }] }, 'http://localhost:8080/api'],
    ['localhost, if there is no server', { servers: undefined }, 'http://localhost:8080'],
  ])('is %s', (_, rest, target) => {
    expect(scenarioOf(api({ '/x': { get: OK } }, rest))).toContain(`target: '${target}'`);
  });
});

test('operations without an operationId are named after method and path', () => {
  const scenario = scenarioOf(
    api({
      '/pets': { get: OK, post: OK },
      '/pets/{id}': { get: OK, put: OK, patch: OK, head: OK },
      '/logout': { post: OK },
    }),
  );
  const names = [...scenario.matchAll(/^ {4}(\w+): /gm)].map(([, name]) => name);
  expect(names).toEqual(['getPets', 'createPet', 'getPet', 'updatePet', 'headPet', 'updatePet2', 'logout']);
});

describe('an invalid document', () => {
  test.each<[string, string, string]>([
    ['not YAML', 'openapi: 3.0.0\npaths:\n  /x: {get: [}\n', 'x.yaml has 2 problems:\n  line 3, column 14:'],
    ['not JSON', '{"openapi": }', 'x.yaml: Unexpected token'],
    ['a text', 'hello', 'x.yaml: this is not an OpenAPI document'],
    [
      'an unknown version',
      'openapi: 4.0.0\npaths: {}\n',
      'x.yaml has 2 problems:\n  version 4.0.0 is not supported\n  it has no paths',
    ],
    ['no version', 'a: 1', 'it has no version (openapi or swagger)'],
    [
      'only broken references',
      api({ '/x': { get: { $ref: '#/components/a' }, put: { $ref: 'b.yaml' } } }),
      "3 problems:\n  it has no usable operation\n  GET /x: $ref '#/components/a' does not exist\n  PUT /x: $ref 'b.yaml' is in another file",
    ],
    ['no operations', api({ '/x': { parameters: [] } }), 'it has no usable operation'],
  ])('%s', (_, text, message) => {
    expect(() => readApiDraft(text, 'x.yaml', { keepSecrets: false, keepHosts: [] })).toThrow(
      expect.objectContaining({ exit: 'usage', message: expect.stringContaining(message) }),
    );
  });
});

test('a trace operation is a task; a Swagger 2.0 form with a file is multipart', () => {
  const document = {
    swagger: '2.0',
    info: { title: 'An API', version: '1' },
    host: 'api.example',
    paths: {
      '/files': {
        post: {
          consumes: ['application/x-www-form-urlencoded'],
          parameters: [{ in: 'formData', name: 'photo', type: 'file', required: true }],
          responses: {},
        },
      },
    },
  };
  const options = { keepSecrets: false, keepHosts: [] };
  const [upload] = readApiDraft(JSON.stringify(document), 'api.json', options).user.tasks;
  expect(JSON.stringify(upload)).toContain('"multipart"');
  const { about } = readApiDraft(api({ '/a': { trace: OK } }), 'api.json', options);
  expect(about).toEqual(['From api.json, An API 1: 1 of 1 operations.']);
});
