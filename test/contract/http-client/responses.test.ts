import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { clientBench } from './bench.js';
import { plainPhases } from '../../../packages/drivers/src/engine/phases.js';

describe('a response', () => {
  const bench = clientBench();

  test('has a status, headers and times, and a sample with the same figures', async () => {
    const { http, samples, server } = await bench.serving((_, reply) => {
      reply.writeHead(201, 'Made', { 'X-A': '1', 'set-cookie': ['a=1', 'b=2'] });
      setTimeout(() => reply.end('{"a":1}'), 30);
    });
    const response = await http.get('/p');
    expect(response).toMatchObject({
      status: 201,
      statusText: 'Made',
      ok: true,
      failed: false,
      failure: undefined,
    });
    expect(response.url).toBe(`${server.origin}/p`);
    expect(response.headers.get('x-A')).toBe('1');
    expect(response.headers.has('X-a')).toBe(true);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(Object.fromEntries(response.headers)).toMatchObject({ 'x-a': '1', 'set-cookie': 'a=1, b=2' });
    expect(response.json<{ a: number }>().a).toBe(1);
    const [sample] = samples;
    expect(sample).toMatchObject({ outcome: 'passed', status: 201 });
    expect(sample!.failure).toBeUndefined();
    expect(sample!.durationUs).toBe(Math.round(response.durationMs * 1_000));
    expect(sample!.durationUs).toBeGreaterThan(25_000);
    const { connectMs, waitMs, receiveMs } = response.timing;
    expect(connectMs).toBeGreaterThan(0);
    expect(connectMs + waitMs + receiveMs).toBeLessThanOrEqual(response.durationMs + 0.01);
    expect([sample!.bytesSent, sample!.bytesReceived]).toEqual([
      server.sockets[0]!.bytesRead,
      server.sockets[0]!.bytesWritten,
    ]);
  });

  test('shows whether its connection was new or reused', async () => {
    const { http, samples } = await bench.serving((request, reply) => {
      if (request.url === '/r') reply.writeHead(302, { location: '/p', connection: 'close' }).end();
      else reply.end('body');
    });
    const [opening, kept, chain] = [await http.get('/p'), await http.get('/p'), await http.get('/r')];
    expect([opening.version, opening.bodyBytes]).toEqual(['http/1.1', 4]);
    expect(opening.opened).toMatchObject([{ protocol: 'http/1.1', dnsMs: 0, tlsMs: 0 }]);
    expect(opening.opened[0]!.tcpMs).toBeGreaterThan(0);
    expect(kept.opened).toEqual([]);
    expect(kept.timing.connectMs).toBe(0);
    expect(chain.opened).toHaveLength(1);
    expect(chain.timing.connectMs).toBeGreaterThan(0);
    expect(samples.map(({ phases, opened }) => [plainPhases(phases!), opened])).toEqual([
      [opening.timing, opening.opened],
      [kept.timing, undefined],
      [chain.timing, chain.opened],
    ]);
    for (const { timing, durationMs } of [opening, kept, chain]) {
      const { queuedMs, connectMs, sendMs, waitMs, receiveMs } = timing;
      const sum = queuedMs + connectMs + sendMs + waitMs + receiveMs;
      expect(sum).toBeLessThanOrEqual(durationMs + 0.001);
      expect(sum).toBeGreaterThan(0);
    }
  });

  test('gives its sample a status, even if its body fails; without a response there is none', async () => {
    const { http, samples } = await bench.serving(({ url, socket }, reply) => {
      if (url === '/moved') return reply.writeHead(302, { location: '/gone' }).end();
      if (url === '/gone') return reply.writeHead(410).end();
      if (url === '/lost') return reply.writeHead(302, { location: '/none' }).end();
      if (url === '/none') return socket.destroy();
      reply.writeHead(200, { 'content-length': 100 }).write('some');
      return setTimeout(() => reply.destroy(), 20);
    });
    for (const path of ['/moved', '/lost', '/none', '/cut-off']) await http.get(path);
    expect(samples.map(({ series, status }) => [series.name, status])).toEqual([
      ['/moved', 410],
      ['/lost', undefined],
      ['/none', undefined],
      ['/cut-off', 200],
    ]);
  });

  test('is empty if none arrived', async () => {
    const { http } = await bench.serving((request) => request.socket.destroy());
    const response = await http.get('/');
    expect(response).toMatchObject({ status: 0, statusText: '', version: '', bodyBytes: 0, ok: false });
    expect([response.text(), response.bytes().length, [...response.headers]]).toEqual(['', 0, []]);
    expect(response.timing.waitMs).toBeGreaterThan(0);
    expect(response.sha256).toBeUndefined();
  });

  test('prints its main properties in the console', async () => {
    const { http, server } = await bench.serving((_, reply) => {
      reply.sendDate = false;
      reply.writeHead(404, { 'x-a': '1', 'content-length': 4 }).end('body');
    });
    const response = await http.get('/p');
    expect(inspect(response, { breakLength: 1_000 })).toBe(
      `HttpResponse { status: 404, url: '${server.origin}/p', durationMs: ${Math.round(response.durationMs * 1_000) / 1_000}, bodyBytes: 4, ` +
        `failure: 'status 404', headers: { 'x-a': '1', 'content-length': '4', connection: 'keep-alive', 'keep-alive': 'timeout=5' } }`,
    );
  });

  test('throws for invalid JSON with the name of the request and the start of the body', async () => {
    const { http } = await bench.serving((request, reply) =>
      reply.end(request.url === '/empty' ? '' : '<html>oh no</html>'),
    );
    const page = await http.get('/page?x=1');
    expect(() => page.json()).toThrow(
      /^GET \/page: the body is not JSON \(.*it begins "<html>oh no<\/html>"\)/,
    );
    const empty = await http.get('/empty');
    expect(() => empty.json()).toThrow(/it is empty/);
  });

  test('uses the charset of the content type', async () => {
    const { http } = await bench.serving((request, reply) => {
      const charset = request.url === '/odd' ? 'klingon' : 'ISO-8859-1';
      reply.setHeader('content-type', `text/plain; charset="${charset}"`);
      reply.end(Buffer.from('dé', request.url === '/odd' ? 'utf8' : 'latin1'));
    });
    expect((await http.get('/')).text()).toBe('dé');
    expect((await http.get('/odd')).text()).toBe('dé');
  });
});

describe('the outcome of a request', () => {
  const bench = clientBench();
  const byPath = () =>
    bench.serving((request, reply) => {
      reply.statusCode = Number(request.url!.slice(1));
      reply.end('body');
    });

  test('passes by default with a status below 400', async () => {
    const { http, samples } = await byPath();
    for (const status of [200, 304, 404, 503]) await http.get(`/${status}`);
    expect(samples.map((sample) => [sample.outcome, sample.failure])).toEqual([
      ['passed', undefined],
      ['passed', undefined],
      ['failed', 'status 404'],
      ['failed', 'status 503'],
    ]);
  });

  test.each<[string, number, Parameters<typeof expectation>[0], string | undefined]>([
    ['one status, met', 404, 404, undefined],
    ['one status, missed', 200, 404, 'status 200'],
    ['a list, met', 404, [200, 404], undefined],
    ['a list, missed', 500, [200, 404], 'status 500'],
    ['a function that returns true', 500, () => true, undefined],
    ['a function that returns nothing', 500, () => {}, undefined],
    ['a function that returns false', 200, () => false, 'not as expected'],
    [
      'a function that returns a reason',
      200,
      (response) => `no cart in ${response.text()}`,
      'no cart in body',
    ],
    [
      'a function that throws',
      200,
      () => {
        throw new Error('boom');
      },
      'boom',
    ],
    ['an async function that passes', 500, async () => true, undefined],
    ['an async function that returns a reason', 200, async () => 'late', 'late'],
    [
      'an async function that throws',
      200,
      async () => {
        throw new Error('later');
      },
      'later',
    ],
    [
      'a function that calls fail and returns true',
      200,
      (response) => {
        response.fail('by hand');
        return true;
      },
      'by hand',
    ],
  ])('%s', async (_, status, expect_, failure) => {
    const { http, samples, late } = await byPath();
    const response = await http.get(`/${status}`, { expect: expect_ });
    expect([response.failed, response.failure]).toEqual([failure !== undefined, failure]);
    expect(response.ok).toBe(failure === undefined);
    expect(samples).toHaveLength(1);
    expect(samples[0]).toMatchObject({ outcome: failure === undefined ? 'passed' : 'failed' });
    expect(samples[0]!.failure).toBe(failure);
    expect(late).toEqual([]);
  });

  test('may wait in expect for a concurrent request', async () => {
    const replies: (() => void)[] = [];
    const { http, samples } = await bench.serving((_, reply) => {
      replies.push(() => reply.end());
      if (replies.length === 2) for (const answer of replies) answer();
    });
    let settle: (reason: string) => void = () => {};
    const verdict = new Promise<string>((resolve) => (settle = resolve));
    const judged = http.get('/judged', { expect: () => verdict });
    await http.get('/other');
    settle('known now');
    expect((await judged).failure).toBe('known now');
    expect(samples).toHaveLength(2);
  });

  test.each([
    [200, true],
    [204, true],
    [302, true],
    [404, false],
    [503, false],
  ])('without an expectation, ok for status %d is %s', async (status, ok) => {
    const { http } = await byPath();
    expect((await http.get(`/${status}`)).ok).toBe(ok);
  });

  test('within expect, ok depends on the status, because the outcome is not known yet', async () => {
    const { http } = await byPath();
    const passed = await http.get('/500', { expect: ({ ok }) => !ok });
    const failed = await http.get('/500', { expect: ({ ok }) => ok });
    expect([passed.ok, failed.ok]).toEqual([true, false]);
  });

  test('after fail, ok is false', async () => {
    const { http } = await byPath();
    const response = await http.get('/404', { expect: 404 });
    expect(response.ok).toBe(true);
    response.fail('no reason given');
    expect(response.ok).toBe(false);
  });

  test('a later fail() marks a passed request as failed, once', async () => {
    const { http, samples, late } = await byPath();
    const response = await http.get('/200');
    response.fail('no price on the page');
    response.fail('again');
    expect(late).toEqual([[samples[0]!.series, 'no price on the page']]);
    expect([response.failed, response.failure]).toEqual([true, 'no price on the page']);
    (await http.get('/500')).fail('already failed');
    expect(late).toHaveLength(1);
  });

  test('does not call expect without a response', async () => {
    const { http, samples } = await bench.serving((request) => request.socket.destroy());
    const response = await http.get('/', { expect: () => true });
    expect(response.failure).toBe('connection closed without a response');
    expect(samples[0]!.outcome).toBe('failed');
  });
});

function expectation(
  value: NonNullable<Parameters<import('@drumline/drivers').HttpClient['get']>[1]>['expect'],
) {
  return value;
}
