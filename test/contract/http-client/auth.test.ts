import { createHash } from 'node:crypto';
import type http from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { bodyOf, serveHttp } from '../support/servers.js';
import type { Handler } from '../support/servers.js';
import { clientBench } from './bench.js';

const LOGIN = { username: 'Ann "the" Tester', password: 'sécret: 7', digest: true } as const;

interface Protection {
  readonly realm?: string;
  /** The announced algorithm; undefined omits it. */
  readonly algorithm?: string;
  /** Default `auth`; undefined omits it, as in RFC 2069. */
  readonly qop?: string | undefined;
  /** Number of requests for which a nonce is valid. */
  readonly uses?: number;
  /** Announces the next nonce before the current one expires. */
  readonly nextnonce?: boolean;
  readonly userhash?: boolean;
}

/** The server side of RFC 7616, section 3.4. Accepts every count and every nonce once. */
function guarded(protection: Protection, serve: Handler): Handler & { readonly log: string[] } {
  const { realm = 'shop', algorithm, uses = Infinity, nextnonce = false, userhash = false } = protection;
  const qop = 'qop' in protection ? protection.qop : 'auth';
  const hash = (text: string): string =>
    createHash(algorithm?.toUpperCase().startsWith('SHA-256') ? 'sha256' : 'md5')
      .update(text)
      .digest('hex');
  const log: string[] = [];
  /** By nonce: the next expected count, and the session key of `-sess`. */
  const nonces = new Map<string, { next: number; key?: string }>();
  const issue = (): string => {
    const nonce = createHash('md5').update(`nonce ${nonces.size}`).digest('base64');
    nonces.set(nonce, { next: 1 });
    return nonce;
  };
  let announced: { from: string; nonce: string } | undefined;

  const isRight = (request: http.IncomingMessage, fields: Record<string, string>): boolean => {
    const state = nonces.get(fields.nonce!);
    if (state === undefined || fields.uri !== request.url || fields.realm !== realm) return false;
    const name = userhash ? hash(`${LOGIN.username}:${realm}`) : LOGIN.username;
    if (fields.username !== name || (fields.userhash === 'true') !== userhash) return false;
    let a1 = hash(`${LOGIN.username}:${realm}:${LOGIN.password}`);
    if (/-sess$/i.test(algorithm ?? '')) {
      const inherited = announced?.nonce === fields.nonce ? nonces.get(announced!.from)?.key : undefined;
      a1 = state.key ??= inherited ?? hash(`${a1}:${fields.nonce}:${fields.cnonce}`);
    }
    const a2 = hash(`${request.method}:${fields.uri}`);
    if (qop === undefined) return fields.response === hash(`${a1}:${fields.nonce}:${a2}`);
    if (fields.nc !== state.next.toString(16).padStart(8, '0')) return false;
    state.next += 1;
    const rest = `${fields.nonce}:${fields.nc}:${fields.cnonce}:${fields.qop}:${a2}`;
    return fields.qop === 'auth' && fields.response === hash(`${a1}:${rest}`);
  };

  const handler: Handler = (request, reply) => {
    const fields = fieldsOf(request.headers.authorization);
    const spent = fields !== undefined && (nonces.get(fields.nonce!)?.next ?? 0) > uses;
    if (fields !== undefined && !spent && isRight(request, fields)) {
      log.push(`${request.method} ${request.url} ${fields.nc ?? '-'}`);
      if (nextnonce && nonces.get(fields.nonce!)!.next > uses) {
        announced = { from: fields.nonce!, nonce: issue() };
        reply.setHeader('authentication-info', `qop=auth, nextnonce="${announced.nonce}", nc=${fields.nc}`);
      }
      return serve(request, reply);
    }
    log.push(fields === undefined ? 'asked' : spent ? 'stale' : 'wrong');
    const challenge = [
      `realm="${realm.replaceAll('"', '\\"')}"`,
      `nonce="${issue()}"`,
      'opaque="o/p=q"',
      ...(qop === undefined ? [] : [`qop="${qop}"`]),
      ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      ...(spent ? ['stale=true'] : []),
      ...(userhash ? ['userhash=true'] : []),
    ];
    request.resume();
    reply
      .writeHead(401, { 'www-authenticate': ['Basic realm="other"', `Digest ${challenge.join(', ')}`] })
      .end('who are you?');
  };
  return Object.assign(handler, { log });
}

function fieldsOf(authorization: string | undefined): Record<string, string> | undefined {
  if (authorization?.startsWith('Digest ') !== true) return undefined;
  const fields = authorization.slice(7).matchAll(/(\w+\*?)=(?:"((?:[^"\\]|\\.)*)"|([^,]*))/g);
  return Object.fromEntries(
    [...fields].map(([, name, quoted, plain]) => [name!, quoted?.replace(/\\(.)/g, '$1') ?? plain!]),
  );
}

const COUNTS = ['00000001', '00000002', '00000003'];

const echo: Handler = (request, reply) => void bodyOf(request).then((body) => reply.end(body));

describe('digest authentication', () => {
  const bench = clientBench();

  test('Basic rejects a user name with a colon, which would move its end into the password', async () => {
    const { http, server } = await bench.serving((request, reply) =>
      reply.end(request.headers.authorization),
    );
    expect(() => http.auth({ username: 'a:b', password: 'c' })).toThrow(
      "the user name 'a:b' must not contain a colon",
    );
    http.auth({ username: 'a', password: 'b:c' });
    expect((await http.get('/')).text()).toBe('Basic YTpiOmM=');
    expect(server.requests).toBe(1);
  });

  test.each<Protection>([
    {},
    { algorithm: 'MD5' },
    { algorithm: 'MD5-sess' },
    { algorithm: 'SHA-256', qop: 'auth,auth-int' },
    { algorithm: 'sha-256-sess' },
    { qop: undefined },
    { algorithm: 'SHA-256', userhash: true },
    { realm: 'a "quoted" realm' },
  ])(
    'the client is challenged once, and then sends credentials with an increasing count: %j',
    async (protection) => {
      const handler = guarded(protection, echo);
      const { http, samples, server } = await bench.serving(handler);
      http.auth(LOGIN);
      expect((await http.post('/a?b=c', { body: 'one' })).text()).toBe('one');
      expect((await http.get('/d')).status).toBe(200);
      expect((await http.put('/e', { json: 2 })).text()).toBe('2');
      const counts = protection.qop === undefined && 'qop' in protection ? ['-', '-', '-'] : COUNTS;
      expect(handler.log).toEqual([
        'asked',
        `POST /a?b=c ${counts[0]}`,
        `GET /d ${counts[1]}`,
        `PUT /e ${counts[2]}`,
      ]);
      expect(samples.map(({ series, outcome }) => `${series.method} ${series.name} ${outcome}`)).toEqual([
        'POST /a passed',
        'GET /d passed',
        'PUT /e passed',
      ]);
      expect(samples[0]!.bytesReceived + samples[1]!.bytesReceived + samples[2]!.bytesReceived).toBe(
        server.sockets[0]!.bytesWritten,
      );
    },
  );

  test.each<Protection>([{ uses: 2 }, { uses: 2, algorithm: 'SHA-256-sess' }])(
    'an expired nonce is replaced within the same call: %j',
    async (protection) => {
      const handler = guarded(protection, echo);
      const { http, samples } = await bench.serving(handler);
      http.auth(LOGIN);
      for (let i = 0; i < 5; i++) expect((await http.get('/')).status).toBe(200);
      const [one, two] = ['GET / 00000001', 'GET / 00000002'];
      expect(handler.log).toEqual(['asked', one, two, 'stale', one, two, 'stale', one]);
      expect(samples).toHaveLength(5);
    },
  );

  test.each<Protection>([
    { uses: 2, nextnonce: true },
    { uses: 2, nextnonce: true, algorithm: 'MD5-sess' },
  ])('an announced nonce is used without another challenge: %j', async (protection) => {
    const handler = guarded(protection, echo);
    const { http } = await bench.serving(handler);
    http.auth(LOGIN);
    for (let i = 0; i < 4; i++) expect((await http.get('/')).status).toBe(200);
    const [one, two] = ['GET / 00000001', 'GET / 00000002'];
    expect(handler.log).toEqual(['asked', one, two, one, two]);
  });

  test('a wrong password fails after one attempt per request', async () => {
    const handler = guarded({}, echo);
    const { http, samples } = await bench.serving(handler);
    http.auth({ ...LOGIN, password: 'guess' });
    for (let i = 0; i < 2; i++) {
      const response = await http.get('/');
      expect(response).toMatchObject({ status: 401, failure: 'status 401' });
      expect(response.text()).toBe('who are you?');
    }
    expect(handler.log).toEqual(['asked', 'wrong', 'asked', 'wrong']);
    expect(samples.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
  });

  test('concurrent requests are each challenged, and each answers', async () => {
    const handler = guarded({}, echo);
    const { http } = await bench.serving(handler);
    http.auth(LOGIN);
    const all = await Promise.all(['/1', '/2', '/3'].map((path) => http.get(path)));
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(handler.log.filter((line) => line === 'asked')).toHaveLength(3);
    expect(handler.log).not.toContain('wrong');
  });

  test('each hop of a redirect has its own credentials; another origin receives none', async () => {
    const seen: (string | undefined)[] = [];
    const stranger = await bench.closing(
      serveHttp((request, reply) => {
        seen.push(request.headers.authorization);
        reply.writeHead(401, { 'www-authenticate': 'Digest realm="trap", nonce="1", qop="auth"' }).end();
      }),
    );
    const handler = guarded({}, (request, reply) => {
      const location = { '/a': '/b', '/away': `${stranger.origin}/` }[request.url!];
      reply.writeHead(location === undefined ? 200 : 302, location === undefined ? {} : { location }).end();
    });
    const { http } = await bench.serving(handler);
    http.auth(LOGIN);
    expect((await http.get('/a')).status).toBe(200);
    expect((await http.get('/away')).status).toBe(401);
    expect(handler.log).toEqual(['asked', 'GET /a 00000001', 'GET /b 00000002', 'GET /away 00000003']);
    expect(seen).toEqual([undefined]);
  });

  test('an Authorization header of the request overrides it; auth() without an argument ends it', async () => {
    const handler = guarded({}, echo);
    const { http } = await bench.serving(handler);
    http.auth(LOGIN);
    expect((await http.get('/', { headers: { authorization: 'Basic x' } })).status).toBe(401);
    expect(handler.log).toEqual(['asked']);
    expect((await http.get('/')).status).toBe(200);
    http.auth();
    expect((await http.get('/')).status).toBe(401);
    expect(handler.log.slice(1)).toEqual(['asked', 'GET / 00000001', 'asked']);
  });

  test('overrides the user name in the target’s URL', async () => {
    const handler = guarded({}, echo);
    const server = await bench.closing(serveHttp(handler));
    const { http } = await bench.client(server.origin.replace('://', '://ann:pw@'));
    http.auth(LOGIN);
    expect((await http.get('/')).status).toBe(200);
  });

  test('a streamed response body belongs to the authenticated request', async () => {
    const { http } = await bench.serving(guarded({}, (_, reply) => void reply.end('hello')));
    http.auth(LOGIN);
    const response = await http.get('/', { responseBody: 'stream' });
    expect(response.status).toBe(200);
    expect((await bodyOf(response.body)).toString()).toBe('hello');
  });

  test('a streamed body is not sent twice: the failure has the reason, and a later request succeeds', async () => {
    const handler = guarded({}, echo);
    const { http, samples } = await bench.serving(handler);
    http.auth(LOGIN);
    const upload = {
      body: (async function* () {
        yield 'streamed';
      })(),
    };
    expect(await http.post('/', upload)).toMatchObject({
      status: 401,
      failure: 'the server asks for credentials, and a streamed body cannot be sent again',
    });
    const again = {
      body: (async function* () {
        yield 'streamed';
      })(),
    };
    expect((await http.post('/', again)).text()).toBe('streamed');
    expect(samples).toHaveLength(2);
  });

  test('an unsupported challenge is returned as the response', async () => {
    const { http, samples } = await bench.serving((_, reply) =>
      reply.writeHead(401, { 'www-authenticate': 'Digest realm="x", nonce="y", algorithm=ROT13' }).end(),
    );
    http.auth(LOGIN);
    expect((await http.get('/')).failure).toBe('status 401');
    expect(samples).toHaveLength(1);
  });
});
