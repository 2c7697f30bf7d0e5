// Generated code compiles for any names and texts in the source.
import { describe, expect, test } from '@jest/globals';
import { findBundlingErrors } from '@drumline/scenario/project';
import fc from 'fast-check';
import { harOf, type Exchange } from '../test/har.js';
import { compileScenario } from './compile.js';
import { readCurlJourney } from './curl/journey.js';
import { renderScenario } from './code/scenario.js';
import type { Language } from './code/doc.js';
import type { ScenarioDraft } from './code/draft.js';
import { readHarJourney } from './har/journey.js';
import { readApiDraft } from './openapi/draft.js';
import { draftOf } from './journey/journey.js';

const OPTIONS = { keepSecrets: false, keepHosts: [], keepAssets: true };
const FOLDER = import.meta.dirname;

/** Reserved words, names that scenarios use, and texts that could end a comment or a quote. */
const hostile = fc.oneof(
  fc.constantFrom(
    'delete',
    'class',
    'http',
    'state',
    'secrets',
    'user',
    'client',
    'visitor',
    'process',
    '__proto__',
    'constructor',
    'toString',
    'id',
    'ID',
    'token',
    'TOKEN',
    'a-b',
    'a b',
    '1',
    '',
    '日本',
    '$ref',
    '*/',
    '`${x}`',
    '${state.id}',
    '//',
    '\'"',
    '\\',
    'a\nb\nc',
    '\r\n',
    '\u0000',
    '\u2028',
    '\u202E',
    '\uD800',
    '</script>',
    '{id}',
    '%',
    '%zz',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

async function errorsOf(draft: ScenarioDraft, language: Language): Promise<string[]> {
  const { text } = renderScenario(draft, language);
  const errors = await findBundlingErrors({ text, language, folder: FOLDER });
  return errors.map(({ message }) => `${message}\n${text}`);
}

const languages = fc.constantFrom<Language>('ts', 'js');

describe('generated code compiles', () => {
  const schema = fc.letrec<{ schema: object }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 3 },
      fc.record({ example: hostile }),
      fc.constant({ type: 'string' }),
      fc.record({
        type: fc.constant('object'),
        properties: fc.dictionary(hostile, tie('schema'), { maxKeys: 3 }),
      }),
      fc.record({ type: fc.constant('array'), items: tie('schema') }),
    ),
  })).schema;
  const operation = fc.record(
    {
      operationId: hostile,
      summary: hostile,
      tags: fc.array(hostile, { maxLength: 2 }),
      parameters: fc.array(
        fc.record({
          name: hostile,
          in: fc.constantFrom('path', 'query', 'header', 'cookie'),
          required: fc.constant(true),
          schema,
        }),
        { maxLength: 2 },
      ),
      requestBody: fc
        .tuple(
          fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'),
          schema,
        )
        .map(([type, body]) => ({ content: { [type]: { schema: body } } })),
      responses: schema.map((body) => ({ 201: { content: { 'application/json': { schema: body } } } })),
      servers: hostile.map((name) => [{ url: `https://${name}.example/${name}` }]),
    },
    { requiredKeys: ['responses'] },
  );
  const paths = fc.dictionary(
    fc
      .array(
        fc.oneof(
          hostile.map((name) => `{${name}}`),
          fc.constantFrom('keys', 'user', 'http'),
        ),
        {
          minLength: 1,
          maxLength: 4,
        },
      )
      .map((parts) => `/${parts.join('/')}`),
    fc.record({ get: operation, post: operation, delete: operation }, { requiredKeys: ['get'] }),
    { minKeys: 1, maxKeys: 5 },
  );
  const security = fc.dictionary(
    hostile,
    fc.record({
      type: fc.constant('apiKey'),
      name: hostile,
      in: fc.constantFrom('header', 'query', 'cookie'),
    }),
    { maxKeys: 3 },
  );

  test('from an OpenAPI document', async () => {
    await fc.assert(
      fc.asyncProperty(paths, security, hostile, languages, async (items, schemes, title, language) => {
        const text = JSON.stringify({
          openapi: '3.1.0',
          info: { title, version: title },
          paths: items,
          security: [Object.fromEntries(Object.keys(schemes).map((name) => [name, []]))],
          components: { securitySchemes: schemes },
        });
        expect(await errorsOf(readApiDraft(text, title, OPTIONS), language)).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  const exchange: fc.Arbitrary<Exchange> = fc.record(
    {
      url: fc
        .tuple(fc.constantFrom('', 'https://api.example'), fc.array(hostile, { minLength: 1, maxLength: 3 }))
        .map(
          ([origin, parts]) =>
            `${origin}/${parts.map((part) => encodeURI(part.replaceAll(/\p{Cs}/gu, ''))).join('/')}`,
        ),
      method: fc.constantFrom('GET', 'POST', 'PUT', 'LINK'),
      headers: fc.dictionary(hostile, hostile, { maxKeys: 2 }),
      body: fc.oneof(hostile, fc.dictionary(hostile, hostile, { maxKeys: 3 })),
      sent: fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'text/plain'),
      answer: fc.dictionary(hostile, fc.oneof(hostile, fc.constant('Zk3vQx9bJ0r5LmZ2uYwHc8')), {
        maxKeys: 3,
      }),
      cookies: fc.dictionary(hostile, hostile, { maxKeys: 1 }),
    },
    { requiredKeys: ['url'] },
  );

  test('from a recording', async () => {
    const uses: Exchange = {
      url: '/use/Zk3vQx9bJ0r5LmZ2uYwHc8',
      method: 'POST',
      body: { token: 'Zk3vQx9bJ0r5LmZ2uYwHc8' },
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(exchange, { minLength: 1, maxLength: 5 }),
        languages,
        async (made, language) => {
          const journey = readHarJourney(harOf([...made, uses]), 'a.har', OPTIONS);
          expect(await errorsOf(draftOf(journey, OPTIONS), language)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('from curl commands', async () => {
    const word = hostile.map(
      (text) => `'${text.replaceAll("'", String.raw`'\''`).replaceAll('\u0000', '')}'`,
    );
    const command = fc
      .tuple(word, word, word, fc.stringMatching(/^[a-zA-Z_]\w{0,6}$/))
      .map(
        ([path, data, header, name]) =>
          `curl http://x.example/${path} --data-raw ${data} -H X-A:${header} -H "Authorization: Bearer $${name}" -H "X-B: $${name.toUpperCase()}"`,
      );
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { minLength: 1, maxLength: 4 }),
        languages,
        async (commands, language) => {
          const journey = readCurlJourney(commands.join('\n'), 'commands', FOLDER);
          expect(await errorsOf(draftOf(journey, OPTIONS), language)).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a task whose code does not compile', () => {
  const draft = readApiDraft(
    JSON.stringify({
      openapi: '3.1.0',
      paths: { '/a': { get: {} }, '/b': { get: {} }, '/c': { get: {} } },
      servers: [{ url: 'https://x.example' }],
    }),
    'api.json',
    OPTIONS,
  );
  const withCode = (code: string): ScenarioDraft => ({
    ...draft,
    user: {
      ...draft.user,
      tasks: draft.user.tasks.map((task) =>
        task.name === 'getB' ? { ...task, statements: [{ kind: 'code', doc: code, uses: [] }] } : task,
      ),
    },
  });

  test.each<[string, string, Language]>([
    ['has a syntax error', 'const = 1', 'ts'],
    ['declares a name twice', 'const a = 1; const a = 2', 'js'],
    ['has a type error', "const a: number = 'x'", 'ts'],
    ['has a type error in JavaScript', "/** @type {number} */ const a = 'x'", 'js'],
  ])('that %s is left out and reported', async (_, code, language) => {
    const { text, draft: compiled } = await compileScenario(withCode(code), {
      language,
      folder: FOLDER,
      types: true,
    });
    expect(compiled.user.tasks.map(({ name }) => name)).toEqual(['getA', 'getC']);
    expect(compiled.about.at(-1)).toMatch(
      /^Left out because the generated code does not compile: getB \(.+\)\.$/,
    );
    expect(text).toContain('// Left out because');
  });

  test('is an error if no other task is left', async () => {
    const all = { ...draft, user: { ...draft.user, tasks: withCode('const = 1').user.tasks.slice(1, 2) } };
    await expect(
      compileScenario(all, { language: 'ts', folder: FOLDER, types: false }),
    ).rejects.toMatchObject({ exit: 'internal' });
  });
});
