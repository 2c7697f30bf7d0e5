// Broken, huge and hostile sources. Each is read, or rejected at once by an error that names it.
import { describe, expect, test } from '@jest/globals';
import { DrumlineError } from '@drumline/model';
import fc from 'fast-check';
import { scenarioFromCurl, scenarioFromHar, scenarioFromOpenapi, type HarOptions } from './generate.js';

const entry = (id: number): unknown => ({
  startedDateTime: `2026-01-01T00:00:0${id}.000Z`,
  time: 10,
  request: {
    method: 'POST',
    url: `https://shop.example/orders/${id}?x=1`,
    headers: [{ name: 'authorization', value: 'Bearer abcdefghijklmnop' }],
    queryString: [{ name: 'x', value: '1' }],
    postData: { mimeType: 'application/json', text: '{"user":"demo","n":1}' },
  },
  response: {
    status: 200,
    headers: [{ name: 'set-cookie', value: 'a=b' }],
    content: { mimeType: 'application/json', text: `{"token":"abcdefghijklmnop","id":${id + 1}}` },
    redirectURL: '',
  },
});

const PET = { $ref: '#/components/schemas/Pet' };

/** A valid source of each kind. */
const SOUND: Readonly<Record<string, unknown>> = {
  har: { log: { version: '1.2', entries: [entry(1), entry(2)] } },
  openapi: {
    openapi: '3.0.0',
    info: { title: 'Pets', version: '1' },
    servers: [{ url: 'https://api.example/v1' }],
    components: {
      schemas: {
        Pet: {
          type: 'object',
          required: ['id'],
          properties: {
            id: { type: 'integer', minimum: 1 },
            name: { type: 'string', minLength: 2 },
            next: PET,
          },
        },
      },
    },
    paths: {
      '/pets/{id}': {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        put: {
          requestBody: { content: { 'application/json': { schema: { type: 'array', items: PET } } } },
          responses: { 200: { description: 'ok' } },
        },
      },
    },
  },
  curl: `curl 'https://shop.example/login' -H 'content-type: application/json' --data-raw '{"a":1}' -u a:b`,
};
const READERS = { har: scenarioFromHar, openapi: scenarioFromOpenapi, curl: scenarioFromCurl };
type Kind = keyof typeof READERS;
const KINDS = Object.keys(READERS) as Kind[];

const OPTIONS: HarOptions = {
  folder: import.meta.dirname,
  keepAssets: false,
  keepHosts: [],
  keepSecrets: false,
  language: 'ts',
  types: false,
};

function textOf(kind: Kind): string {
  const sound = SOUND[kind];
  return typeof sound === 'string' ? sound : JSON.stringify(sound);
}

/** Reads a source of a kind. Fails if anything other than a `DrumlineError` is thrown. */
async function read(kind: Kind, text: string): Promise<DrumlineError | undefined> {
  try {
    await READERS[kind]({ text, name: `hostile.${kind}` }, OPTIONS);
    return undefined;
  } catch (error) {
    if (!(error instanceof DrumlineError)) throw error;
    expect(error.message).toContain(`hostile.${kind}`);
    expect(error.message.length).toBeLessThan(20_000);
    expect(error.exit).toBe('usage');
    return error;
  } finally {
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  }
}

function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [...path, key],
    ...placesIn(inner, [...path, key]),
  ]);
}

function withValue(whole: unknown, path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(whole) as Record<string, unknown>;
  let holder = copy;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  holder[path.at(-1)!] = value;
  return copy;
}

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 1e308, '', '\0', '__proto__', 'constructor', [], {}, 'http://['),
  fc.constantFrom<unknown>({ $ref: '#' }, PET, { allOf: [PET] }, { minItems: 1e9, items: {} }, '\ud800'),
  fc.jsonValue(),
);

describe('a source is read, or rejected with a message', () => {
  test.each<Kind>(['har', 'openapi'])('with a value of an unexpected type: %s', async (kind) => {
    const places = placesIn(SOUND[kind]);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), odd, async (place, value) => {
        await read(kind, JSON.stringify(withValue(SOUND[kind], place, value)));
      }),
      { numRuns: 60 },
    );
  });

  test.each(KINDS)('with characters changed, added or lost: %s', async (kind) => {
    const sound = textOf(kind);
    const edit = fc.record({
      at: fc.nat(sound.length),
      take: fc.nat(20),
      put: fc.string({ unit: 'binary', maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(edit, async ({ at, take, put }) => {
        await read(kind, sound.slice(0, at) + put + sound.slice(at + take));
      }),
      { numRuns: 40 },
    );
  });
});

describe.each(KINDS)('%s', (kind) => {
  const sound = textOf(kind);

  test('that is empty is rejected', async () => {
    expect(await read(kind, '')).toBeInstanceOf(DrumlineError);
  });

  test.each([
    ['with a million nested brackets', '['.repeat(1_000_000)],
    ['nested deeper than the stack allows', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
    ['with a megabyte of one letter', 'x'.repeat(1_000_000)],
  ])('%s is rejected', async (_, content) => {
    expect(await read(kind, content)).toBeInstanceOf(DrumlineError);
  });

  test('with keys such as __proto__ changes no prototype', async () => {
    await read(
      kind,
      sound.replace('{', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},'),
    );
  });
});

describe('an OpenAPI document', () => {
  test('with exponentially nested aliases is rejected', async () => {
    const anchors = Array.from('bcdefghi').map((name, index) => {
      const above = `*${'abcdefgh'[index]}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => above).join(',')}]`;
    });
    const bomb = ['a: &a [x,x,x]', ...anchors, 'openapi: 3.0.0', 'paths: { x: *i }'].join('\n');
    expect((await read('openapi', bomb))!.message).toContain('alias');
  });

  const schemas = (all: unknown): string =>
    JSON.stringify(withValue(SOUND['openapi'], ['components', 'schemas'], all));
  const ref = (name: string): unknown => ({ $ref: `#/components/schemas/${name}` });

  test.each<[string, unknown]>([
    ['composed of itself', { Pet: { allOf: [PET] } }],
    ['composed of itself twice', { Pet: { allOf: [PET, { allOf: [PET, PET] }], required: ['id'] } }],
    ['a property of itself through allOf', { Pet: { properties: { id: { allOf: [PET] } } } }],
    ['one of itself', { Pet: { oneOf: [{ allOf: [PET] }, { anyOf: [PET] }] } }],
    [
      'a list of lists',
      { Pet: { minItems: 1e9, items: { minItems: 1e9, items: { minItems: 1e9, items: PET } } } },
    ],
    [
      'one of twenty that refer to each other in every property',
      Object.fromEntries(
        Array.from({ length: 20 }, (_, at) => [
          at === 0 ? 'Pet' : `Pet${at}`,
          {
            properties: Object.fromEntries(
              Array.from({ length: 19 }, (_none, other) => [
                `p${other}`,
                { allOf: [ref(`Pet${other + 1}`)] },
              ]),
            ),
          },
        ]),
      ),
    ],
  ])('with a schema that is %s is read', async (_, all) => {
    expect(await read('openapi', schemas(all))).toBeUndefined();
  });

  test('with a schema that refers to itself through allOf writes the property once', async () => {
    const pet = { properties: { name: { type: 'string' }, mother: { allOf: [PET] } } };
    const source = { text: schemas({ Pet: pet }), name: 'round.openapi' };
    const { scenario } = await scenarioFromOpenapi(source, OPTIONS);
    expect(scenario.match(/mother: /g)).toHaveLength(1);
  });
});

test('more than two megabytes of commands are rejected', async () => {
  const error = await read('curl', `curl https://shop.example/a -d ${'x'.repeat(2_000_000)}`);
  expect(error!.message).toBe('hostile.curl: it is larger than 2.0 MB');
});
