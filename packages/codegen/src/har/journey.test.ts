import { describe, expect, test } from '@jest/globals';
import { harOf, type Exchange } from '../../test/har.js';
import { renderScenario } from '../code/scenario.js';
import { draftOf } from '../journey/journey.js';
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
    scenario: renderScenario(draftOf(journey, { keepSecrets: false, keepHosts: [] }), 'ts').text,
  };
}

/** The paths of the requests of each task. */
function pathsOf({ visits }: ReturnType<typeof read>): string[][] {
  return visits.map(({ steps }) => steps.map(({ pathName }) => pathName));
}

describe('the selection of requests', () => {
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

  test('has the requests to the site', () => {
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

  test('has more with keepAssets and keepHosts', () => {
    expect(pathsOf(read(recording, { keepAssets: true }))[0]).toContain('/app.js');
    expect(read(recording, { keepHosts: ['other.example'] }).scenario).toContain(
      "const CDN = 'https://cdn.other.example'",
    );
  });

  test('moves other hosts of the site to a given target, except for keepHosts', () => {
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

  test('uses the most frequent origin as the target if there is no page', () => {
    const journey = read([
      { url: 'https://one.example/a' },
      { url: 'https://two.example/b' },
      { url: 'https://two.example/c' },
    ]);
    expect(journey.target).toBe('https://two.example');
  });

  test('must not be empty', () => {
    expect(() => read([{ url: '/a.png', type: 'image/png' }])).toThrow(
      'no requests are left after leaving out 1 image, script or other asset',
    );
    expect(() => read([])).toThrow('it has no requests');
  });
});

describe('redirects', () => {
  test('are part of the first request', () => {
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

  test('are not joined with a later visit to the same page', () => {
    const journey = read([
      { ...PAGE, url: '/old', status: 302, location: '/new' },
      { ...PAGE, url: '/new', at: 30 },
    ]);
    expect(pathsOf(journey)).toEqual([['/old'], ['/new']]);
  });

  test('to a host that is left out are not followed', () => {
    const { scenario } = read([
      PAGE,
      { url: '/pay', status: 302, location: 'https://bank.example/' },
      { url: 'https://bank.example/' },
    ]);
    expect(scenario).toContain("http.get('/pay', { redirects: 0, expect: 302 })");
  });
});

describe('a task', () => {
  test('ends with a pause or a new page', () => {
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

  test('is named after its page or action', () => {
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
      'has a name with [id] for an id',
      { url: '/u/3b241101-e2bb-4255-8caf-4136c566a962/a' },
      "name: '/u/[id]/a'",
    ],
    [
      'has its query as an option',
      { url: '/s?q=red+shoes&page=2&tag=a&tag=b' },
      "{ query: { q: 'red shoes', page: 2, tag: ['a', 'b'] } }",
    ],
    [
      'keeps a query that is not a list of fields in the URL',
      { url: '/s?print&a=1' },
      "http.get('/s?print&a=1')",
    ],
    ['sends the current time to bypass caches', { url: '/s?_=1772442843123' }, 'query: { _: Date.now() }'],
    [
      'keeps a number that is not the time of the recording',
      { url: '/s?item=1612345678901' },
      "item: '1612345678901'",
    ],
    ['expects a recorded client error', { url: '/s', status: 404 }, '{ expect: 404 }'],
    ['does not expect a recorded server error', { url: '/s', status: 503 }, "http.get('/s');"],
    [
      'keeps headers of the application',
      { url: '/s', headers: { 'X-Tenant': 'a', 'Sec-Fetch-Mode': 'cors', Host: 'x' } },
      "{ headers: { 'x-tenant': 'a' } }",
    ],
    [
      'keeps a specific Accept header',
      { url: '/s', headers: { Accept: 'application/vnd.shop+json' } },
      "accept: 'application/vnd.shop+json'",
    ],
    [
      'sends JSON with another content type',
      { url: '/s', method: 'POST', body: { a: 1 }, sent: 'application/vnd.shop+json' },
      "'content-type': 'application/vnd.shop+json'",
    ],
    [
      'sends forms',
      { url: '/s', method: 'POST', body: 'a=1&b=x+y', sent: 'application/x-www-form-urlencoded' },
      "{ form: { a: '1', b: 'x y' } }",
    ],
    [
      'sends other bodies unchanged',
      { url: '/s', method: 'PUT', body: '<a/>', sent: 'text/xml' },
      "body: '<a/>'",
    ],
    [
      'keeps all digits of a number',
      { url: '/s', method: 'PUT', body: '{"id":12345678901234567890}' },
      'body: \'{"id":12345678901234567890}\'',
    ],
  ])('%s', (_, exchange, expected) => {
    expect(read([PAGE, exchange]).scenario).toContain(expected);
  });

  test('does not repeat headers that all requests have', () => {
    const headers = { 'X-App': '5' };
    const { scenario } = read([
      { ...PAGE, headers },
      { url: '/a', headers },
    ]);
    expect(scenario).toContain("http: { headers: { 'x-app': '5' } }");
    expect(scenario).toContain("http.get('/a');");
  });
});

describe('notes at the top of the scenario', () => {
  test('list cookies that no response sets', () => {
    const { about } = read([{ ...PAGE, headers: { Cookie: 'consent=yes; sid=1' }, cookies: { sid: '1' } }]);
    expect(about).toContain('The recording sends cookies that no recorded response sets: consent.');
  });

  test('mention a recording without cookies and authorization', () => {
    const { about } = read([PAGE, { url: '/login', method: 'POST', body: { password: 'x' } }]);
    expect(about.at(-1)).toContain('no cookies and no Authorization headers');
  });

  test('list requests whose bodies were not recorded', () => {
    const { about } = read([
      PAGE,
      { url: '/upload', method: 'POST', headers: { 'Content-Length': '90000' } },
    ]);
    expect(about).toContain('The recording lacks the bodies of these requests: POST /upload.');
  });
});
