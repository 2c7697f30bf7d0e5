import { describe, expect, test } from '@jest/globals';
import { harOf, type Exchange } from '../../test/har.js';
import { renderScenario } from '../code/scenario.js';
import { readHarJourney } from '../har/journey.js';
import { draftOf } from '../journey/journey.js';
import { isSecret, isSecretName } from './secrets.js';

function draftFrom(...exchanges: Exchange[]) {
  const journey = readHarJourney(harOf(exchanges), 'shop.har', { keepAssets: false, keepHosts: [] });
  const draft = draftOf(journey, { keepSecrets: false, keepHosts: [] });
  return { secrets: draft.secrets.map(({ name }) => name), scenario: renderScenario(draft, 'ts').text };
}

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2VjcmV0';

describe('a secret is recognized by its name or format', () => {
  test.each([
    'password',
    'newPassword',
    'user[password]',
    'client_secret',
    'X-API-Key',
    'apikey',
    'cvv',
    'otp',
    'Ocp-Apim-Subscription-Key',
  ])('%s', (key) => expect(isSecret({ place: 'body', key, value: 'abc' })).toBe(true));
  test.each([
    ['refreshToken', 'a1b2c3d4'],
    ['session_id', '8c2f77aa01'],
    ['cardNumber', '4242 4242 4242 4242'],
    ['note', JWT],
    ['anything', 'sk_live_51H8abcdefgh'],
  ])('%s = %s', (key, value) => expect(isSecret({ place: 'body', key, value })).toBe(true));
});

test.each([
  ['token_type', 'bearer'],
  ['passenger', 'Ada'],
  ['author', 'Ada Lovelace'],
  ['code', 'SUMMER2026'],
  ['orderNumber', '4242424242424241'],
  ['sort', 'newest'],
])('%s = %s is not a secret', (key, value) => expect(isSecret({ place: 'query', key, value })).toBe(false));

test('some names suffice to recognize a secret', () => {
  expect(['token', 'sessionId', 'apiPassword'].every(isSecretName)).toBe(true);
  expect(['page_token', 'tokenType', 'name'].some(isSecretName)).toBe(false);
});

describe('the file has no secrets', () => {
  test.each<[string, Exchange, string[]]>([
    [
      'of JSON',
      { url: '/a', method: 'POST', body: { a: { password: 'hunter2' }, b: [{ token: 'hunter2x9' }] } },
      ['PASSWORD', 'TOKEN'],
    ],
    [
      'of text that is JSON',
      { url: '/a', method: 'POST', body: '{"password":"hunter2"}', sent: 'text/plain' },
      ['PASSWORD'],
    ],
    [
      'of XML',
      { url: '/a', method: 'POST', body: '<s:password x="1">hunter2</s:password>', sent: 'text/xml' },
      ['TOKEN'],
    ],
    ['of a query', { url: '/a?api_key=hunter2' }, ['API_KEY']],
    ['of a query that is not a list of fields', { url: '/a?print&api_key=hunter2' }, ['API_KEY']],
    ['of a path', { url: `/reset/${JWT}` }, ['TOKEN']],
    ['of a header', { url: '/a', headers: { 'X-Auth-Token': 'hunter2x9' } }, ['AUTH_TOKEN']],
    [
      'of basic authorization',
      { url: '/a', headers: { Authorization: `Basic ${Buffer.from('ada:hunter2').toString('base64')}` } },
      ['PASSWORD'],
    ],
    ['of cookies', { url: '/a', headers: { Cookie: 'sid=hunter2' } }, []],
  ])('%s', (_, exchange, names) => {
    const { secrets, scenario } = draftFrom(exchange);
    expect(secrets).toEqual(names);
    expect(scenario).not.toMatch(/hunter2|eyJ|YWRhOm/);
  });

  test('of Digest authentication, only the user name remains', () => {
    const answer = (url: string, nonce: string): Exchange => ({
      url,
      headers: {
        Authorization: `Digest username="ada", realm="r", nonce="${nonce}", uri="${url}", response="hunter2"`,
      },
    });
    const { scenario } = draftFrom(answer('/a', '1'), answer('/b', '2'));
    expect(scenario).toContain("http.auth({ username: 'ada', password: PASSWORD, digest: true });");
    expect(scenario).not.toMatch(/nonce|hunter2/);
  });

  test('equal secrets share a constant, different ones do not', () => {
    const send = (url: string, password: string): Exchange => ({ url, method: 'POST', body: { password } });
    const { secrets, scenario } = draftFrom(send('/a', 'one'), send('/b', 'two'), send('/c', 'one'));
    expect(secrets).toEqual(['PASSWORD', 'PASSWORD_2']);
    expect(scenario).toContain("const { PASSWORD = '', PASSWORD_2 = '' } = secrets;");
    expect(scenario).toContain("http.post('/c', { json: { password: PASSWORD } })");
  });

  test('authorization that differs is set with each request', () => {
    const { scenario } = draftFrom(
      { url: '/a', headers: { Authorization: 'Bearer one1' } },
      { url: '/b', headers: { Authorization: 'Bearer two2' } },
    );
    expect(scenario).toContain('authorization: `Bearer ${API_TOKEN}`');
    expect(scenario).toContain('authorization: `Bearer ${API_TOKEN_2}`');
  });
});
