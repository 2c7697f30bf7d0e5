import { describe, expect, test } from '@jest/globals';
import { harOf, type Exchange } from '../../../../test/har.js';
import { renderScenario } from '../code/scenario.js';
import { draftOf } from '../recording/journey.js';
import { readHarJourney } from './journey.js';
import type { SelectionOptions } from './selection.js';

const PAGE: Exchange = { url: '/', type: 'text/html', answer: '<html></html>', kind: 'document' };

function read(exchanges: readonly Exchange[], options: Partial<SelectionOptions> = {}) {
  const journey = readHarJourney(harOf(exchanges), 'shop.har', {
    keepAssets: false,
    keepHosts: [],
    ...options,
  });
  return {
    ...journey,
    scenario: renderScenario(draftOf(journey, { keepSecrets: false, keepHosts: [] })).text,
  };
}

/** The paths that are asked for, task by task. */
function pathsOf({ visits }: ReturnType<typeof read>): string[][] {
  return visits.map(({ steps }) => steps.map(({ pathName }) => pathName));
}

describe('what belongs into a scenario', () => {
  const recording: Exchange[] = [
    PAGE,
    { url: '/app.js', type: 'application/javascript', kind: 'script' },
    { url: '/logo', type: 'image/svg+xml' },
    { url: '/favicon.ico', type: 'text/html', status: 404 },
    { url: '/api/config.js', type: 'application/json' },
    { url: 'https://api.shop.example/me' },
    { url: 'https://cdn.other.example/x', type: 'application/json' },
    { url: 'https://pay.example/checkout' },
    { url: '/api/me', method: 'OPTIONS', headers: { 'Access-Control-Request-Method': 'GET' } },
    { url: '/metrics', method: 'POST', kind: 'ping' },
    { url: '/blocked', status: 0 },
    { url: '/events', type: 'text/event-stream' },
    { url: 'wss://shop.example/live', status: 101 },
    { url: 'data:text/plain,x' },
  ];

  test('is what the site itself was asked for', () => {
    const journey = read(recording);
    expect(journey.target).toBe('https://shop.example');
    expect(pathsOf(journey)).toEqual([['/', '/api/config.js', '/me']]);
    expect(journey.scenario).toContain("const API = 'https://api.shop.example';");
    expect(journey.scenario).toContain('await http.get(`${API}/me`);');
    expect(journey.about).toContain(
      'Left out: 1 URL without a server (such as data: or blob:); 2 WebSockets and event streams; 1 request without a response; 2 preflights and beacons; 3 images, scripts and other assets; 2 requests to other hosts (cdn.other.example, pay.example).',
    );
    expect(journey.hints).toEqual(['To keep more requests, use --keep-assets and --keep-hosts.']);
  });

  test('is more if someone asks for it', () => {
    expect(pathsOf(read(recording, { keepAssets: true }))[0]).toContain('/app.js');
    expect(read(recording, { keepHosts: ['other.example'] }).scenario).toContain(
      "const CDN = 'https://cdn.other.example'",
    );
  });

  test('follows the target to another host of the site only where that is given', () => {
    const journey = read(recording);
    const given = { keepSecrets: false, target: 'http://127.0.0.1:1' };
    const moved = draftOf(journey, { ...given, keepHosts: [] });
    expect(moved.hosts).toEqual({});
    expect(moved.about.at(-1)).toContain('not to their own hosts: https://api.shop.example (1).');
    const kept = draftOf(journey, { ...given, keepHosts: ['api.shop.example'] });
    expect(kept.hosts).toEqual({ API: 'https://api.shop.example' });
    expect(kept.about.at(-1)).toContain(
      'go to their own hosts, not to the target: https://api.shop.example (1).',
    );
  });

  test('without a page, is what was asked for most', () => {
    const journey = read([
      { url: 'https://one.example/a' },
      { url: 'https://two.example/b' },
      { url: 'https://two.example/c' },
    ]);
    expect(journey.target).toBe('https://two.example');
  });

  test('must be something', () => {
    expect(() => read([{ url: '/a.png', type: 'image/png' }])).toThrow(
      'no requests are left after leaving out 1 image, script or other asset',
    );
    expect(() => read([])).toThrow('it has no requests');
  });
});

describe('redirects', () => {
  test('are followed as part of the request that they answer', () => {
    const journey = read([
      { url: 'http://shop.example/', status: 301, location: 'https://shop.example/' },
      PAGE,
      { url: '/login', method: 'POST', body: {}, status: 302, location: '/welcome' },
      { url: '/welcome', status: 302, location: '/account#top' },
      { url: '/account', type: 'text/html', answer: '' },
      { url: '/account', type: 'text/html', answer: '' },
    ]);
    expect(pathsOf(journey)).toEqual([['/', '/login', '/account']]);
    expect(journey.scenario).not.toContain('redirects:');
    expect(journey.about[0]).toContain('3 of 6 requests, plus 3 that follow redirects');
  });

  test('are followed at once: a later visit to the same page is its own', () => {
    const journey = read([
      { ...PAGE, url: '/old', status: 302, location: '/new' },
      { ...PAGE, url: '/new', at: 30 },
    ]);
    expect(pathsOf(journey)).toEqual([['/old'], ['/new']]);
  });

  test('to a host that is left out end there', () => {
    const { scenario } = read([
      PAGE,
      { url: '/pay', status: 302, location: 'https://bank.example/' },
      { url: 'https://bank.example/' },
    ]);
    expect(scenario).toContain("http.get('/pay', { redirects: 0, expect: 302 })");
  });
});

describe('a task', () => {
  test('is what was asked for until the person stopped to think', () => {
    const journey = read([
      { ...PAGE, at: 0 },
      { url: '/api/a', at: 0.5 },
      { url: '/api/b', at: 3 },
      { ...PAGE, url: '/c', at: 3.5, page: 'page_2' },
      { url: '/api/d', at: 63.5, page: 'page_2' },
    ]);
    expect(pathsOf(journey)).toEqual([['/', '/api/a'], ['/api/b'], ['/c'], ['/api/d']]);
    expect(journey.scenario).toContain("wait: between('2.5s', '30s')");
  });

  test('is called what a person would call it', () => {
    const shop: [string, Exchange][] = [
      ['home', PAGE],
      ['products', { url: '/api/v2/products' }],
      ['product', { url: '/products/48213' }],
      ['reviews', { url: '/products/48213/reviews' }],
      ['addToCart', { url: '/cart/items', method: 'POST', body: {} }],
      ['updateItem', { url: '/cart/items/7', method: 'PATCH', body: {} }],
      ['deleteAddress', { url: '/addresses/7', method: 'DELETE' }],
      ['createOrder', { url: '/orders', method: 'POST', body: {} }],
      ['checkout', { url: '/checkout', method: 'POST', body: {} }],
      ['orderList', { url: '/graphql', method: 'POST', body: { query: 'query OrderList { a }' } }],
      ['products2', { url: '/products.html' }],
    ];
    const journey = read(shop.map(([, exchange], index) => ({ ...exchange, at: index * 3 })));
    const draft = draftOf(journey, { keepSecrets: false, keepHosts: [] });
    expect(draft.user.tasks.map(({ name }) => name)).toEqual(shop.map(([name]) => name));
  });
});

describe('a request', () => {
  test.each<[string, Exchange, string]>([
    [
      'has a name where one of many stands',
      { url: '/u/3b241101-e2bb-4255-8caf-4136c566a962/a' },
      "name: '/u/[id]/a'",
    ],
    [
      'keeps its query apart',
      { url: '/s?q=red+shoes&page=2&tag=a&tag=b' },
      "{ query: { q: 'red shoes', page: 2, tag: ['a', 'b'] } }",
    ],
    ['keeps a query that is not a list of fields', { url: '/s?print&a=1' }, "http.get('/s?print&a=1')"],
    ['asks caches not to answer', { url: '/s?_=1772442843123' }, 'query: { _: Date.now() }'],
    ['keeps a number that only looks like a time', { url: '/s?item=1612345678901' }, "item: '1612345678901'"],
    ['expects the refusal that was recorded', { url: '/s', status: 404 }, '{ expect: 404 }'],
    ['does not expect a failing server', { url: '/s', status: 503 }, "http.get('/s');"],
    [
      'keeps headers that are meant',
      { url: '/s', headers: { 'X-Tenant': 'a', 'Sec-Fetch-Mode': 'cors', Host: 'x' } },
      "{ headers: { 'x-tenant': 'a' } }",
    ],
    [
      'keeps the type it asks for',
      { url: '/s', headers: { Accept: 'application/vnd.shop+json' } },
      "accept: 'application/vnd.shop+json'",
    ],
    [
      'sends JSON of another name',
      { url: '/s', method: 'POST', body: { a: 1 }, sent: 'application/vnd.shop+json' },
      "'content-type': 'application/vnd.shop+json'",
    ],
    [
      'sends forms',
      { url: '/s', method: 'POST', body: 'a=1&b=x+y', sent: 'application/x-www-form-urlencoded' },
      "{ form: { a: '1', b: 'x y' } }",
    ],
    [
      'sends anything else as it is',
      { url: '/s', method: 'PUT', body: '<a/>', sent: 'text/xml' },
      "body: '<a/>'",
    ],
    [
      'loses no digits',
      { url: '/s', method: 'PUT', body: '{"id":12345678901234567890}' },
      'body: \'{"id":12345678901234567890}\'',
    ],
  ])('%s', (_, exchange, expected) => {
    expect(read([PAGE, exchange]).scenario).toContain(expected);
  });

  test('has no headers that all have: those are said once', () => {
    const headers = { 'X-App': '5' };
    const { scenario } = read([
      { ...PAGE, headers },
      { url: '/a', headers },
    ]);
    expect(scenario).toContain("http: { headers: { 'x-app': '5' } }");
    expect(scenario).toContain("http.get('/a');");
  });
});

describe('the reader of the scenario is told', () => {
  test('of cookies that no response has set', () => {
    const { about } = read([{ ...PAGE, headers: { Cookie: 'consent=yes; sid=1' }, cookies: { sid: '1' } }]);
    expect(about).toContain('The recording sends cookies that no recorded response sets: consent.');
  });

  test('of a recording without cookies and authorization', () => {
    const { about } = read([PAGE, { url: '/login', method: 'POST', body: { password: 'x' } }]);
    expect(about.at(-1)).toContain('no cookies and no Authorization headers');
  });

  test('of bodies that were not recorded', () => {
    const { about } = read([
      PAGE,
      { url: '/upload', method: 'POST', headers: { 'Content-Length': '90000' } },
    ]);
    expect(about).toContain('The recording lacks the bodies of these requests: POST /upload.');
  });
});
