// Compares the layout with that of prettier.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { format } from 'prettier';
import type { ScenarioDraft, Statement } from './draft.js';
import type { Language } from './doc.js';
import { Scope } from './names.js';
import type { Value } from './code.js';
import { Code, concat } from './code.js';
import { renderScenario } from './scenario.js';

const word = fc.stringMatching(/^[a-z]{1,12}$/);
const text = fc.oneof(
  word,
  fc.string({ maxLength: 60 }),
  fc.stringMatching(/^[ -~]{0,90}$/),
  fc.constantFrom(
    'it\'s "quoted"',
    'a\\b',
    '`tick` ${x}',
    'two\nlines',
    'three\nlines\nof it',
    '\u0000\u2028',
    'ünïcödé ✓',
  ),
);
const key = fc.oneof(word, fc.constantFrom('x-y', '1', 'a b', "it's", '$ref', 'constructor'));
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.boolean(),
    fc.constant(null),
    fc.constant(new Code('state.productId', ['state'])),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.integer(), { maxLength: 60 }),
    fc.dictionary(key, tie('value'), { maxKeys: 6 }),
  ),
})).value;
const request: fc.Arbitrary<Statement> = fc.record({
  kind: fc.constant('request' as const),
  into: fc.option(
    word.map((name) => new Scope().take(name)),
    { nil: undefined },
  ),
  request: fc.record({
    method: fc.constantFrom('GET', 'POST', 'DELETE', 'LINK'),
    url: fc.oneof(
      fc.stringMatching(/^\/[a-z0-9/]{0,110}$/),
      fc
        .stringMatching(/^[a-z0-9/]{0,40}$/)
        .map((path) => concat([`/${path}/`, new Code('state.id', ['state'])])),
    ),
    query: fc.option(fc.dictionary(key, text, { minKeys: 1, maxKeys: 3 }), { nil: undefined }),
    headers: fc.option(fc.dictionary(key, text, { minKeys: 1, maxKeys: 3 }), { nil: undefined }),
    body: fc.option(fc.record({ option: fc.constantFrom('json' as const, 'body' as const), value }), {
      nil: undefined,
    }),
    expect: fc.option(fc.constant(404), { nil: undefined }),
  }),
});

function draftWith(
  statements: readonly Statement[],
  tags: readonly string[],
  weight: number | undefined,
): ScenarioDraft {
  return {
    about: ['From a property.'],
    hints: [],
    target: 'https://shop.example',
    secrets: [{ name: 'PASSWORD', constant: 'PASSWORD' }],
    environment: [{ name: 'ITEM', constant: 'ITEM' }],
    imports: [],
    hosts: {},
    http: {},
    user: {
      name: 'visitor',
      state: { id: '' },
      waitMs: [1_000, 3_000],
      onStart: statements.slice(0, 1),
      tasks: [{ name: 'one', statements, weight, tags: tags.length > 0 ? tags : undefined }],
      inOrder: false,
    },
  };
}

test('lays out any scenario as prettier does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { minLength: 1, maxLength: 3 }),
      fc.array(word, { maxLength: 4 }),
      fc.option(fc.integer({ min: 2, max: 9 }), { nil: undefined }),
      fc.constantFrom<Language>('ts', 'js'),
      async (statements, tags, weight, language) => {
        const scenario = renderScenario(draftWith(statements, tags, weight), language).text;
        expect(scenario).toBe(
          await format(scenario, { parser: 'typescript', singleQuote: true, printWidth: 100 }),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('generated code evaluates to the original data', () => {
  const data = value.filter((one) => !JSON.stringify(one)?.includes('state.productId'));
  fc.assert(
    fc.property(data, (body) => {
      const statement: Statement = {
        kind: 'request',
        request: { method: 'POST', url: '/', body: { option: 'json', value: body } },
      };
      const scenario = renderScenario(draftWith([statement], [], undefined), 'ts').text;
      const [, code = ''] =
        /tasks: \{\n {4}one: async \(\{ http \}\) => \{\n([\s\S]*)\n {4}\},\n {2}\},\n\}\);\n\nexport/.exec(
          scenario,
        ) ?? [];
      const sent: { json?: unknown }[] = [];
      const http = { post: (_url: string, options: { json?: unknown }) => sent.push(options) };
      // oxlint-disable-next-line typescript/no-implied-eval -- the test runs generated code
      new Function('http', code.replace('await ', ''))(http);
      expect(JSON.stringify(sent)).toBe(JSON.stringify([{ json: body }]));
    }),
  );
});
