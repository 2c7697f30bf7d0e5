import { describe, expect, test } from '@jest/globals';
import { InterruptedError, isInterrupted } from '@drumline/drivers';
import { until, wait } from '../support/closing.js';
import { answerRaw, bodyOf, serveHttp } from '../support/servers.js';
import { clientBench } from './bench.js';

describe('redirects', () => {
  const bench = clientBench();

  test('are followed, with one sample for the whole chain under the first name', async () => {
    const { http, samples, server } = await bench.serving((request, reply) => {
      const next = { '/a?x=1': '/b', '/b': '../c?y=2' }[request.url!];
      setTimeout(
        () =>
          reply
            .writeHead(next === undefined ? 200 : 302, next === undefined ? {} : { location: next })
            .end('ok'),
        20,
      );
    });
    const response = await http.get('/a?x=1');
    expect(response.status).toBe(200);
    expect(response.url).toBe(`${server.origin}/c?y=2`);
    expect(response.redirects).toEqual([`${server.origin}/a?x=1`, `${server.origin}/b`]);
    expect(samples).toHaveLength(1);
    expect(samples[0]).toMatchObject({ outcome: 'passed', series: { name: '/a' } });
    expect(samples[0]!.durationUs).toBeGreaterThan(55_000);
    expect(samples[0]!.bytesReceived).toBe(server.sockets[0]!.bytesWritten);
    expect([server.requests, server.connections]).toEqual([3, 1]);
  });

  test.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [301, 'PUT', 'PUT', 'body'],
    [307, 'POST', 'POST', 'body'],
    [308, 'POST', 'POST', 'body'],
  ])('%i after %s repeats the request with %s', async (status, method, then, body) => {
    const seen: string[] = [];
    const { http } = await bench.serving((request, reply) => {
      void bodyOf(request).then((content) => {
        seen.push(`${request.method} ${content.toString()} ${request.headers['content-type'] ?? '-'}`);
        reply.writeHead(request.url === '/a' ? status : 200, { location: '/b' }).end();
      });
    });
    await http.request(method, '/a', { body: 'body', headers: { 'content-type': 'text/x' } });
    expect(seen).toEqual([`${method} body text/x`, `${then} ${body} ${body === '' ? '-' : 'text/x'}`]);
  });

  test.each([
    ['unencoded UTF-8', '/caf\u00e9?q=\u00fc', 'utf8', '/caf%C3%A9?q=%C3%BC'],
    ['bytes that are not UTF-8', '/caf\u00e9', 'latin1', '/caf%E9'],
    ['encoded text', '/caf%C3%A9', 'latin1', '/caf%C3%A9'],
  ] as const)('go to the Location of the server, with %s', async (_, location, encoding, path) => {
    const server = await bench.closing(
      answerRaw((socket, request) => {
        const isFirst = request.startsWith('GET /old ');
        const head = isFirst ? `302 Found\r\nLocation: ${location}` : `200 ${request.split(' ')[1]}`;
        socket.write(Buffer.from(`HTTP/1.1 ${head}\r\nContent-Length: 0\r\n\r\n`, encoding));
      }),
    );
    const { http } = await bench.client(server.origin);
    expect((await http.get('/old')).url).toBe(server.origin + path);
  });

  test('without a Location are returned to the user', async () => {
    const { http } = await bench.serving((_, reply) => reply.writeHead(302, { location: ' ' }).end());
    expect(await http.get('/')).toMatchObject({ status: 302, failed: false });
  });

  test('fail beyond the limit; a limit of 0 follows none', async () => {
    const { http, samples, server } = await bench.serving((_, reply) =>
      reply.writeHead(302, { location: '/' }).end(),
    );
    expect(await http.get('/')).toMatchObject({ status: 302, failure: 'too many redirects (5)' });
    expect(server.requests).toBe(6);
    expect(await http.get('/', { redirects: 2 })).toMatchObject({ failure: 'too many redirects (2)' });
    expect(await http.get('/', { redirects: 0 })).toMatchObject({
      status: 302,
      failed: false,
      redirects: [],
    });
    expect(samples.map((sample) => sample.outcome)).toEqual(['failed', 'failed', 'passed']);
  });

  test('to another origin drop the Authorization header', async () => {
    const seen: (string | undefined)[] = [];
    const other = await bench.closing(
      serveHttp((request, reply) => {
        seen.push(request.headers.authorization, request.headers['x-a'] as string);
        reply.end();
      }),
    );
    const { http } = await bench.serving((_, reply) =>
      reply.writeHead(307, { location: `${other.origin}/x` }).end(),
    );
    http.auth({ bearer: 'secret' });
    await http.get('/', { headers: { 'x-a': 'kept' } });
    expect(seen).toEqual([undefined, 'kept']);
  });

  test('end at a Location that cannot be followed', async () => {
    const { http } = await bench.serving((request, reply) =>
      reply.writeHead(302, request.url === '/none' ? {} : { location: 'mailto:a@b' }).end(),
    );
    expect((await http.get('/none')).status).toBe(302);
    expect((await http.get('/mail')).status).toBe(302);
  });

  test.each([
    'http://[::1/x',
    'http://shop.example:99999/',
    'https://',
    '//a b/',
    '//%zz@a/',
    '//a%3Ab:c@a/',
  ])('fail at the Location %j, which is not a valid URL', async (location) => {
    const { http, samples } = await bench.serving((_, reply) => reply.writeHead(302, { location }).end());
    expect(await http.get('/')).toMatchObject({
      status: 302,
      failure: 'the Location of the redirect is not a valid URL',
    });
    expect(samples).toMatchObject([{ outcome: 'failed', example: location }]);
  });

  test('send the credentials in a Location, unless the request has its own', async () => {
    const seen: (string | undefined)[] = [];
    const { http } = await bench.serving((request, reply) => {
      if (request.url === '/in') {
        seen.push(request.headers.authorization);
        reply.end();
      } else {
        const location = `http://ann:s%20e@${request.headers.host}/in`;
        reply.writeHead(302, { location }).end();
      }
    });
    expect((await http.get('/old')).url).not.toContain('ann');
    await http.get('/old', { headers: { authorization: 'Bearer own' } });
    expect(seen).toEqual([`Basic ${Buffer.from('ann:s e').toString('base64')}`, 'Bearer own']);
  });

  test('have one timeout for the whole chain', async () => {
    const { http } = await bench.serving((_, reply) => {
      setTimeout(() => reply.writeHead(302, { location: '/' }).end(), 150);
    });
    const response = await http.get('/', { timeout: '250ms' });
    expect(response).toMatchObject({ status: 0, failure: 'timeout after 250ms' });
    // With one timeout for each request, it would follow redirects up to their limit.
    expect(response.redirects!.length).toBeGreaterThan(0);
  });
});

describe('cookies', () => {
  const bench = clientBench();

  test('are stored and sent for each user separately, including in redirects', async () => {
    const { http, driver } = await bench.serving((request, reply) => {
      if (request.url === '/login') {
        reply
          .writeHead(302, { location: '/home', 'set-cookie': ['sid=1; Path=/; HttpOnly', 'x=2; Path=/deep'] })
          .end();
      } else reply.end(request.headers.cookie ?? 'none');
    });
    expect((await http.get('/home')).text()).toBe('none');
    expect((await http.post('/login')).text()).toBe('sid=1');
    expect((await http.get('/deep/er')).text()).toBe('x=2; sid=1');
    expect(http.cookies.get('sid')).toBe('1');
    http.cookies.set('mine', 'yes');
    expect(http.cookies.all()).toEqual({ sid: '1', mine: 'yes' });
    expect((await http.get('/', { headers: { cookie: 'own=1' } })).text()).toBe('own=1');
    expect((await driver.openClient({ user: 'shopper' }).get('/')).text()).toBe('none');
    http.cookies.clear();
    expect((await http.get('/')).text()).toBe('none');
  });

  test.each([
    ['', 'x', undefined, "'' is not a valid name"],
    ['__Host-a', 'x', undefined, 'the prefix of __Host-a requires an https: URL, not http://'],
    ['__secure-a', 'x', 'http://shop.example/', 'requires an https: URL, not http://shop.example/'],
    ['a b', 'x', undefined, "'a b' is not a valid name"],
    ['a=b', 'x', undefined, "'a=b' is not a valid name"],
    ['a', 'x;y', undefined, "the value of a must be a string without ';'"],
    ['a', 'x\r\ny: z', undefined, "the value of a must be a string without ';'"],
    ['a', ' x', undefined, "the value of a must be a string without ';'"],
    ['a', 5, undefined, "the value of a must be a string without ';'"],
    ['a', 'x', 'shop.example', "'shop.example' must be a URL such as"],
    ['a', 'x', 'http://', 'is not a valid URL'],
  ])('are rejected if no server could read them: %j = %j at %s', async (name, value, url, problem) => {
    const { http } = await bench.serving((_, reply) => reply.end());
    expect(() => http.cookies.set(name, value as string, url)).toThrow(problem);
    expect(http.cookies.all()).toEqual({});
  });

  test('are changed and removed by the server', async () => {
    const answers = ['a=1', 'a=1', 'b=2', 'a=3; Max-Age=1', 'b=; Max-Age=0'];
    const { http } = await bench.serving((request, reply) => {
      const answer = answers.shift();
      if (answer !== undefined) reply.setHeader('set-cookie', answer);
      reply.end(request.headers.cookie ?? 'none');
    });
    const sent: string[] = [];
    for (let i = 0; i < 6; i++) sent.push((await http.get('/')).text());
    expect(sent).toEqual(['none', 'a=1', 'a=1', 'a=1; b=2', 'a=3; b=2', 'a=3']);
    await wait(1_100);
    expect((await http.get('/')).text()).toBe('none');
  });

  test('can be switched off', async () => {
    const { http } = await bench.serving(
      (request, reply) => reply.setHeader('set-cookie', 'a=1').end(request.headers.cookie ?? 'none'),
      { cookies: false },
    );
    await http.get('/');
    expect((await http.get('/')).text()).toBe('none');
  });
});

describe('interruption', () => {
  const bench = clientBench();

  test('sent requests are recorded as interrupted, unsent ones are not recorded, and nothing more is sent', async () => {
    const { http, samples, server } = await bench.serving(() => {}, { connectionsPerUser: 2 });
    const calls = Array.from({ length: 5 }, () => http.get('/slow'));
    const outcomes = Promise.allSettled(calls);
    await until(() => server.requests === 2);
    http.interrupt();
    for (const outcome of await outcomes) {
      expect(outcome.status).toBe('rejected');
      const { reason } = outcome as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(InterruptedError);
      expect(isInterrupted(reason)).toBe(true);
    }
    expect(samples.map((sample) => sample.outcome)).toEqual(['interrupted', 'interrupted']);
    expect(samples[0]!.failure).toBeUndefined();
    expect(samples[0]!.bytesSent).toBeGreaterThan(0);
    await expect(http.get('/more')).rejects.toThrow(InterruptedError);
    await server.drained();
    expect(server.requests).toBe(2);
  });

  test('interrupts a redirect chain and an expect function that never settles', async () => {
    const { http, samples, server } = await bench.serving((request, reply) => {
      if (request.url === '/r') reply.writeHead(302, { location: '/hang' }).end();
      if (request.url === '/p') reply.end();
    });
    const chain = http.get('/r');
    const judged = http.get('/p', { expect: () => new Promise<never>(() => {}) });
    const outcomes = Promise.allSettled([chain, judged]);
    await until(() => server.requests === 3);
    await new Promise((resolve) => setTimeout(resolve, 30));
    http.interrupt();
    expect((await outcomes).map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    expect(new Set(samples.map((sample) => `${sample.series.name} ${sample.outcome}`))).toEqual(
      new Set(['/p interrupted', '/r interrupted']),
    );
  });

  test('closing a client closes only its own connections', async () => {
    const { http, driver, server, samples } = await bench.serving((request, reply) => {
      if (request.url !== '/slow') reply.end();
    });
    const other = driver.openClient({ user: 'shopper' });
    await other.get('/');
    const slow = http.get('/slow');
    const rejected = expect(slow).rejects.toThrow(InterruptedError);
    await until(() => server.requests === 2);
    await http.close();
    await rejected;
    expect((await other.get('/')).status).toBe(200);
    await driver.close();
    await server.drained();
    expect(samples.map((sample) => sample.outcome)).toEqual(['passed', 'interrupted', 'passed']);
  });

  test('every request that the target saw is in exactly one sample, whenever the user is interrupted', async () => {
    const { driver, samples, server } = await bench.serving((_, reply) => {
      setTimeout(() => reply.end('ok'), Math.random() * 4);
    });
    for (let round = 0; round < 40; round++) {
      const http = driver.openClient({ user: 'shopper' });
      const loops = [1, 2, 3].map(async () => {
        for (;;) await http.get('/');
      });
      const ended = Promise.allSettled(loops);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      http.interrupt();
      await ended;
      await http.close();
    }
    await until(() => server.requests >= samples.length);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.requests).toBe(samples.length);
    expect(samples.filter((sample) => sample.outcome === 'failed')).toEqual([]);
    expect(samples.some((sample) => sample.outcome === 'interrupted')).toBe(true);
  });
});
