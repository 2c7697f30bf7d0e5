// The head of a response takes effect when it arrives, even if the body is cut off or never ends.
import type http from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { wait } from '../support/closing.js';
import { clientBench } from './bench.js';

const bench = clientBench();
const COOKIE = { 'set-cookie': 'session=abc; Path=/' };

/**
 * `/me` answers with the received cookie. Other paths set a cookie in the head, then call `rest`.
 */
function setting(rest: (reply: http.ServerResponse) => void, status = 200, headers: object = {}) {
  return (request: http.IncomingMessage, reply: http.ServerResponse): void => {
    if (request.url === '/me') return void reply.end(request.headers.cookie ?? 'none');
    reply.writeHead(status, { ...COOKIE, ...headers });
    rest(reply);
  };
}

const slowly = (reply: http.ServerResponse): void => {
  reply.write('part');
  setTimeout(() => reply.end(), 150);
};
const endlessly = (reply: http.ServerResponse): void => void reply.write('part');
const brokenly = (reply: http.ServerResponse): void => {
  reply.write('part', () => setTimeout(() => reply.destroy(), 5));
};

async function readAll(body: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const piece of body) text += Buffer.from(piece).toString();
  return text;
}

describe.each(['native', 'undici'] as const)('the head of a response (%s)', (engine) => {
  const settings = { engine };

  test('sets its cookies while an event stream is open', async () => {
    const type = { 'content-type': 'text/event-stream' };
    const { http } = await bench.serving(
      setting((reply) => void reply.write('data: x\n\n'), 200, type),
      settings,
    );
    for await (const _ of http.events('/')) {
      expect((await http.get('/me')).text()).toBe('session=abc');
      break;
    }
    expect((await http.get('/me')).text()).toBe('session=abc');
  });

  test('sets its cookies during a download, and after the download was left', async () => {
    const { http } = await bench.serving(setting(endlessly), settings);
    const download = await http.get('/', { responseBody: 'stream' });
    expect((await http.get('/me')).text()).toBe('session=abc');
    for await (const _ of download.body) break;
    expect((await http.get('/me')).text()).toBe('session=abc');
  });

  test.each(['keep', 'discard', 'hash'] as const)(
    'sets its cookies for concurrent requests: %s',
    async (responseBody) => {
      let rest: http.ServerResponse | undefined;
      const halfway = (reply: http.ServerResponse): void => {
        reply.write('part');
        rest = reply;
      };
      const { http } = await bench.serving(setting(halfway), settings);
      const slow = http.get('/', { responseBody });
      while ((await http.get('/me')).text() !== 'session=abc') await wait(5);
      rest!.end();
      expect((await slow).status).toBe(200);
    },
  );

  test.each(['keep', 'discard', 'hash', 'stream'] as const)(
    'sets its cookies even if the body is cut off: %s',
    async (responseBody) => {
      const { http } = await bench.serving(setting(brokenly), settings);
      const response = await http.get('/', { responseBody });
      if (responseBody === 'stream') await readAll(response.body).catch(() => {});
      else expect(response.failure).toBe('connection closed inside the response');
      expect((await http.get('/me')).text()).toBe('session=abc');
    },
  );

  test.each([
    ['has no end', endlessly],
    ['is cut off', brokenly],
    ['comes late', slowly],
    ['is short', (reply: http.ServerResponse) => void reply.end('moved')],
    ['is none', (reply: http.ServerResponse) => void reply.end()],
  ])('redirects even if its body %s', async (_, rest) => {
    for (const responseBody of ['keep', 'stream', 'discard'] as const) {
      const { http, samples } = await bench.serving(setting(rest, 302, { location: '/me' }), settings);
      const response = await http.get('/', { responseBody });
      expect([response.status, response.failure, response.url]).toEqual([
        200,
        undefined,
        expect.stringMatching(/\/me$/),
      ]);
      if (responseBody === 'keep') expect(response.text()).toBe('session=abc');
      if (responseBody === 'stream') expect(await readAll(response.body)).toBe('session=abc');
      expect(samples.map(({ outcome }) => outcome)).toEqual(['passed']);
    }
  });
});
