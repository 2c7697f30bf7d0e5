import { describe, expect, test } from '@jest/globals';
import { harOf, type Exchange } from '../../test/har.js';
import { renderScenario } from '../code/scenario.js';
import { readHarJourney } from '../har/journey.js';
import { draftOf } from '../journey/journey.js';

const TOKEN = 'Zk3vQx9bJ0r5LmZ2uYwHc8';

/** The scenario of one task, or of two if `later` has requests. */
function scenarioOf(now: readonly Exchange[], later: readonly Exchange[] = []): string {
  const timed = [...now, ...later.map((exchange, index) => ({ ...exchange, at: 100 + index / 10 }))];
  const journey = readHarJourney(harOf(timed), 'shop.har', { keepAssets: false, keepHosts: [] });
  return renderScenario(draftOf(journey, { keepSecrets: false, keepHosts: [] }), 'ts').text;
}

describe('a value of a response is read from the response', () => {
  test.each<[string, Exchange[], string[]]>([
    [
      'an id in a path',
      [{ url: '/orders', method: 'POST', body: {}, answer: { id: 48213 } }, { url: '/orders/48213' }],
      ['const { id: orderId } = order.json<{ id: number }>();', 'http.get(`/orders/${orderId}`, { name: '],
    ],
    [
      'a small number, if the names match',
      [{ url: '/products', answer: { items: [{ id: 1 }, { id: 7 }] } }, { url: '/products/7' }],
      ['const { id: productId } = products.json<{ items: { id: number }[] }>().items[1]!;'],
    ],
    [
      'an element of a list',
      [{ url: '/ids', answer: { ids: ['aaaa', TOKEN] } }, { url: `/x/${TOKEN}` }],
      ['= ids.json<{ ids: string[] }>().ids[1]!;'],
    ],
    [
      'several values of one object',
      [
        { url: '/session', answer: { csrf: TOKEN, cart: 'b1946ac92492d234' } },
        { url: '/buy', method: 'POST', body: { csrf: TOKEN, cart: 'b1946ac92492d234' } },
      ],
      ['const { csrf, cart } = session.json<{ csrf: string; cart: string }>();', 'json: { csrf, cart }'],
    ],
    [
      'a query parameter',
      [{ url: '/list', answer: { 'next-cursor': TOKEN } }, { url: `/list?cursor=${TOKEN}` }],
      ["const { 'next-cursor': nextCursor } =", 'query: { cursor: nextCursor }'],
    ],
    [
      'a token in a form',
      [
        {
          url: '/new',
          type: 'text/html',
          answer: `<form><input value='${TOKEN}' type=hidden name='_csrf'></form>`,
        },
        { url: '/new', method: 'POST', body: `_csrf=${TOKEN}`, sent: 'application/x-www-form-urlencoded' },
      ],
      [
        "const [, csrf = ''] = /value='([^\"']+)' type=hidden name='_csrf'/.exec(newPage.text()) ?? [];",
        'form: { _csrf: csrf }',
      ],
    ],
    [
      'a token in a meta tag',
      [
        { url: '/', type: 'text/html', answer: `<meta name="csrf-token" content="${TOKEN}">` },
        { url: '/a', headers: { 'X-CSRF-Token': TOKEN } },
      ],
      [
        '/name="csrf-token" content="([^"\']+)"/.exec(homePage.text())',
        "headers: { 'x-csrf-token': xCsrfToken }",
      ],
    ],
    [
      'a cookie that a header repeats',
      [
        { url: '/', cookies: { 'XSRF-TOKEN': 'a%3D0123456' } },
        { url: '/a', headers: { 'X-XSRF-TOKEN': 'a=0123456' } },
      ],
      ["decodeURIComponent(http.cookies.get('XSRF-TOKEN') ?? '')"],
    ],
  ])('%s', (_, exchanges, expected) => {
    const scenario = scenarioOf(exchanges);
    for (const text of expected) expect(scenario).toContain(text);
    expect(scenario).not.toContain(TOKEN);
  });

  test('through the state in a later task', () => {
    const scenario = scenarioOf(
      [{ url: '/products', answer: [{ id: 48213 }] }],
      [{ url: '/products/48213' }],
    );
    expect(scenario).toContain("user('visitor', () => ({ productId: 0 }), {");
    expect(scenario).toContain('state.productId = products.json<{ id: number }[]>()[0]!.id;');
    expect(scenario).toContain('http.get(`/products/${state.productId}`');
  });
});

describe('a header that several requests send is set once', () => {
  test('a bearer token', () => {
    const headers = { Authorization: `Bearer ${TOKEN}` };
    const scenario = scenarioOf(
      [
        { url: '/token', answer: { access_token: TOKEN } },
        { url: '/a', headers },
      ],
      [{ url: '/b', headers }],
    );
    expect(scenario).toContain(
      'const { access_token: accessToken } = token.json<{ access_token: string }>();',
    );
    expect(scenario).toContain('http.auth({ bearer: accessToken });');
    expect(scenario).toContain("http.get('/a');");
    expect(scenario).toContain("http.get('/b');");
  });

  test('with another scheme, and with another header', () => {
    const headers = { Authorization: `Token ${TOKEN}`, 'X-Csrf': 'b1946ac92492d234' };
    const scenario = scenarioOf([
      { url: '/boot', answer: { token: TOKEN, csrf: 'b1946ac92492d234' } },
      { url: '/a', headers },
      { url: '/b', headers },
    ]);
    expect(scenario).toContain("http.headers.set('authorization', `Token ${token}`);");
    expect(scenario).toContain("http.headers.set('x-csrf', csrf);");
  });
});

describe('a value is not replaced', () => {
  test.each<[string, Exchange[], string]>([
    [
      'if a request sent it before any response contained it',
      [{ url: '/a/48213' }, { url: '/b', answer: { id: 48213 } }, { url: '/a/48213' }],
      "http.get('/a/48213'",
    ],
    [
      'if it is a word',
      [{ url: '/a', answer: { kind: 'shipping' } }, { url: '/b?kind=shipping' }],
      "query: { kind: 'shipping' }",
    ],
    [
      'if it is a small number with another name',
      [{ url: '/users', answer: [{ id: 7 }] }, { url: '/products/7' }],
      "http.get('/products/7'",
    ],
    [
      'if the names do not match',
      [
        { url: '/a', answer: { count: 48213 } },
        { url: '/b', method: 'POST', body: { pixels: 48213 } },
      ],
      'pixels: 48213',
    ],
    [
      'if the response is not JSON',
      [{ url: '/a', type: 'text/plain', answer: 'id 48213' }, { url: '/b/48213' }],
      "http.get('/b/48213'",
    ],
  ])('%s', (_, exchanges, expected) => {
    expect(scenarioOf(exchanges)).toContain(expected);
  });
});

test('names do not clash with those of the task', () => {
  const scenario = scenarioOf([
    { url: '/state', answer: { http: TOKEN } },
    { url: '/a', method: 'POST', body: { http: TOKEN } },
  ]);
  expect(scenario).toContain('const stateResponse = await http.get(');
  expect(scenario).toContain('const { http: http2 } = stateResponse.json');
});

test('escapes code in a recording', () => {
  const name = "x'); process.exit(1); ('";
  const answer = `<input\n  name="${name}"\n  value="${TOKEN}">`;
  const scenario = scenarioOf([
    { url: "/'`${process.exit(1)}", type: 'text/html', answer, cookies: { [name]: 'a0123456789' } },
    {
      url: '/a',
      method: 'POST',
      headers: { 'X-Copy': 'a0123456789' },
      body: { [name]: TOKEN, y: '`${process.exit(1)}`' },
    },
  ]);
  expect(scenario).toContain(String.raw`http.cookies.get("x'); process.exit(1); ('")`);
  expect(scenario).toContain(String.raw`\s+value="([^"']+)"/.exec(`);
  const inert = scenario.replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\/name=.*\//g, '');
  expect(inert).not.toContain('process.exit');
});

describe('a login', () => {
  const login: Exchange = { url: '/login', method: 'POST', body: { user: 'ada', password: 'pw' } };

  test('at the beginning becomes onStart', () => {
    const scenario = scenarioOf([{ url: '/' }, login], [{ url: '/a' }]);
    expect(scenario).toMatch(/async onStart[\s\S]*\/login[\s\S]*tasks: \{/);
  });

  test('is a task if the visit ends with a logout', () => {
    const scenario = scenarioOf([login], [{ url: '/a' }, { url: '/logout', method: 'POST' }]);
    expect(scenario).not.toContain('onStart');
    expect(scenario).toMatch(/tasks: inOrder\(\{\n {4}login:/);
  });
});
