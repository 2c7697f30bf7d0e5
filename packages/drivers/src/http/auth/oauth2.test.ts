import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { OAuth2Settings } from '../../settings/request-settings.js';
import type { RequestOptions } from '../options.js';
import { TokenSource } from './oauth2.js';

const SETTINGS: OAuth2Settings = {
  tokenUrl: 'https://id.example/token',
  clientId: 'shop',
  clientSecret: 's:cr t',
};

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A token endpoint that answers in turn, and again with its last answer. */
function endpoint(...answers: { status?: number; body: unknown; failure?: string }[]) {
  const asked: RequestOptions[] = [];
  const post = async (_url: string, options: RequestOptions) => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const { status = 200, body, failure } = answers[Math.min(asked.push(options), answers.length) - 1]!;
    return { status, failure, text: () => (typeof body === 'string' ? body : JSON.stringify(body)) };
  };
  return { asked, post };
}

function tokens(settings: OAuth2Settings, post: ReturnType<typeof endpoint>['post']): TokenSource {
  return new TokenSource(
    settings,
    post,
    () => Date.now(),
    () => 0.5,
  );
}

const token = (name: string, expiresIn?: unknown) => ({
  body: {
    access_token: name,
    token_type: 'bearer',
    ...(expiresIn !== undefined && { expires_in: expiresIn }),
  },
});

async function pass(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms);
}

test('one request fetches the token, however many wait for it', async () => {
  const { asked, post } = endpoint(token('t1', 3_600));
  const source = tokens({ ...SETTINGS, scope: 'read write', params: { audience: 'api' } }, post);
  const waiting = [source.ready(), source.ready(), source.ready()];
  expect(source.header).toBeUndefined();
  await pass(10);
  for (const one of waiting) await one;
  expect(source.header).toBe('Bearer t1');
  expect(source.ready()).toBeUndefined();
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({
    // Encoded as a form before it is joined, as the standard requires.
    headers: { authorization: `Basic ${Buffer.from('shop:s%3Acr+t').toString('base64')}` },
    form: { grant_type: 'client_credentials', scope: 'read write', audience: 'api' },
  });
});

test('the credentials can be sent in the body instead', async () => {
  const { asked, post } = endpoint(token('t1'));
  const source = tokens({ ...SETTINGS, clientAuth: 'body' }, post);
  void source.ready();
  await pass(10);
  expect(asked[0]!.headers).not.toHaveProperty('authorization');
  expect(asked[0]!.form).toEqual({
    grant_type: 'client_credentials',
    client_id: 'shop',
    client_secret: 's:cr t',
  });
});

test('a token is renewed before it expires, without anybody waiting', async () => {
  const { asked, post } = endpoint(token('t1', '100'), token('t2', 100));
  const source = tokens(SETTINGS, post);
  void source.ready();
  await pass(75_000);
  expect(source.ready()).toBeUndefined();
  expect(asked).toHaveLength(1);
  await pass(3_000);
  expect(source.ready()).toBeUndefined();
  expect(source.header).toBe('Bearer t1');
  await pass(10);
  expect(asked).toHaveLength(2);
  expect(source.header).toBe('Bearer t2');
});

test('an expired token is not sent, and requests wait for the next', async () => {
  const { post } = endpoint(token('t1', 10), token('t2', 10));
  const source = tokens(SETTINGS, post);
  void source.ready();
  await pass(11_000);
  expect(source.header).toBeUndefined();
  const waiting = source.ready();
  await pass(10);
  await waiting;
  expect(source.header).toBe('Bearer t2');
});

test('a rejected token is renewed, but not again at once', async () => {
  const { asked, post } = endpoint(token('t1'), token('t2'));
  const source = tokens(SETTINGS, post);
  void source.ready();
  await pass(10);
  source.reject();
  expect(source.ready()).toBeUndefined();
  expect(asked).toHaveLength(1);
  await pass(2_000);
  source.reject();
  expect(source.ready()).toBeUndefined();
  await pass(10);
  expect(source.header).toBe('Bearer t2');
  expect(asked).toHaveLength(2);
});

test.each([
  [
    { status: 401, body: { error: 'invalid_client', error_description: 'unknown client' } },
    'invalid_client: unknown client (status 401)',
  ],
  [{ status: 502, body: '<html>' }, 'status 502'],
  [{ status: 200, body: '<html>' }, 'the response has no access_token'],
  [
    { status: 200, body: { access_token: 'a', token_type: 'mac' } },
    "the token type 'mac' is not supported; only Bearer is",
  ],
  [{ status: 0, body: '', failure: 'connection refused' }, 'connection refused'],
])('a failure names the endpoint and the reason: %j', async (answer, reason) => {
  const source = tokens(SETTINGS, endpoint(answer).post);
  const failed = expect(source.ready()).rejects.toThrow(
    `OAuth 2: no token from https://id.example/token: ${reason}`,
  );
  await pass(10);
  await failed;
});

test('after a failure, requests wait for the next attempt, which comes later each time', async () => {
  const { asked, post } = endpoint({ status: 503, body: '' }, { status: 503, body: '' }, token('t1'));
  const source = tokens(SETTINGS, post);
  const attempt = async (ms: number): Promise<unknown> => {
    const waiting = source.ready()!.catch((error: Error) => error.name);
    await pass(ms);
    return await waiting;
  };
  expect(await attempt(10)).toBe('OAuth2Error');
  const second = source.ready()!.catch(() => {});
  await pass(900);
  expect(asked).toHaveLength(1);
  await pass(110);
  await second;
  expect(asked).toHaveLength(2);
  expect(await attempt(2_010)).toBeUndefined();
  expect(source.header).toBe('Bearer t1');
});
