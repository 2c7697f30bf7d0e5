import { describe, expect, test } from '@jest/globals';
import { harOf, type Exchange } from '../../../../test/har.js';
import { renderScenario } from '../code/scenario.js';
import { readHarJourney } from '../har/journey.js';
import { draftOf } from '../recording/journey.js';

const TOKEN = 'Zk3vQx9bJ0r5LmZ2uYwHc8';

/** The scenario of a visit without pauses, so of one task; `later` comes after one. */
function scenarioOf(now: readonly Exchange[], later: readonly Exchange[] = []): string {
  const timed = [...now, ...later.map((exchange, index) => ({ ...exchange, at: 100 + index / 10 }))];
  const journey = readHarJourney(harOf(timed), 'shop.har', { keepAssets: false, keepHosts: [] });
  return renderScenario(draftOf(journey, { keepSecrets: false, keepHosts: [] })).text;
}

describe('a value that a response gave is read from it', () => {
  test.each<[string, Exchange[], string[]]>([
    [
      'an identifier in a path',
      [{ url: '/orders', method: 'POST', body: {}, answer: { id: 48213 } }, { url: '/orders/48213' }],
      ['const { id: orderId } = order.json<{ id: number }>();', 'http.get(`/orders/${orderId}`, { name: '],
    ],
    [
      'a small number, where both are called the same',
      [{ url: '/products', answer: { items: [{ id: 1 }, { id: 7 }] } }, { url: '/products/7' }],
      ['const { id: productId } = products.json<{ items: { id: number }[] }>().items[1]!;'],
    ],
    [
      'an element of a list',
      [{ url: '/ids', answer: { ids: ['aaaa', TOKEN] } }, { url: `/x/${TOKEN}` }],
      ['= ids.json<{ ids: string[] }>().ids[1]!;'],
    ],
    [
      'several of one object at once',
      [
        { url: '/session', answer: { csrf: TOKEN, cart: 'b1946ac92492d234' } },
        { url: '/buy', method: 'POST', body: { csrf: TOKEN, cart: 'b1946ac92492d234' } },
      ],
      ['const { csrf, cart } = session.json<{ csrf: string; cart: string }>();', 'json: { csrf, cart }'],
    ],
    [
      'a part of a query',
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
      'a token in the head of a page',
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
      'a cookie that is repeated in a header',
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

  test('in a later task by way of the state', () => {
    const scenario = scenarioOf(
      [{ url: '/products', answer: [{ id: 48213 }] }],
      [{ url: '/products/48213' }],
    );
    expect(scenario).toContain("user('visitor', () => ({ productId: 0 }), {");
    expect(scenario).toContain('state.productId = products.json<{ id: number }[]>()[0]!.id;');
    expect(scenario).toContain('http.get(`/products/${state.productId}`');
  });
});

describe('what goes out in a header again and again is said once', () => {
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

  test('another scheme, another header', () => {
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

describe('a value stays as it was', () => {
  test.each<[string, Exchange[], string]>([
    [
      'if it was sent before any response had it',
      [{ url: '/a/48213' }, { url: '/b', answer: { id: 48213 } }, { url: '/a/48213' }],
      "http.get('/a/48213'",
    ],
    [
      'if it is a word',
      [{ url: '/a', answer: { kind: 'shipping' } }, { url: '/b?kind=shipping' }],
      "query: { kind: 'shipping' }",
    ],
    [
      'if it is a small number of something else',
      [{ url: '/users', answer: [{ id: 7 }] }, { url: '/products/7' }],
      "http.get('/products/7'",
    ],
    [
      'if it only looks the same',
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

test('names do not clash with what a task has already', () => {
  const scenario = scenarioOf([
    { url: '/state', answer: { http: TOKEN } },
    { url: '/a', method: 'POST', body: { http: TOKEN } },
  ]);
  expect(scenario).toContain('const stateResponse = await http.get(');
  expect(scenario).toContain('const { http: http2 } = stateResponse.json');
});

test('nothing in a recording becomes code', () => {
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

  test('at the beginning is done once by each user', () => {
    const scenario = scenarioOf([{ url: '/' }, login], [{ url: '/a' }]);
    expect(scenario).toMatch(/async onStart[\s\S]*\/login[\s\S]*tasks: \{/);
  });

  test('is a part of the visit that ends with a logout', () => {
    const scenario = scenarioOf([login], [{ url: '/a' }, { url: '/logout', method: 'POST' }]);
    expect(scenario).not.toContain('onStart');
    expect(scenario).toMatch(/tasks: inOrder\(\{\n {4}login:/);
  });
});
