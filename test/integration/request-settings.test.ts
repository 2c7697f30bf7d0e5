// Tokens, signatures and traces that settings add to the requests of a run.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
// @ts-expect-error -- it has no types
import library from 'aws4';
import { closeAfterEach } from '../contract/support/closing.js';
import { Cluster, Drumline } from '../support/drumline.js';
import { startSite, type Asked } from '../support/site.js';
import { tempProjects } from '../support/temp-project.js';

const aws4 = library as {
  sign(request: object, credentials: object): { headers: Record<string, string> };
};
const project = tempProjects();
const closing = closeAfterEach();
const SECRET = 'fGkm3_secret-of-the-client';

const SHOP = `
import { constant, scenario, secrets, startWith, user } from 'drumline';
const shopper = user('shopper', {
  wait: constant('5ms'),
  tasks: { browse: async ({ http }) => {
    await http.get('/ok');
    await http.get(process.env.OTHER + '/other', { name: 'other' });
  } },
});
export default scenario({
  users: [shopper],
  load: startWith(4).hold('4s'),
  http: { oauth2: { tokenUrl: '/token', clientId: 'shop', clientSecret: secrets.CLIENT, scope: 'read' } },
});
`;

test('users share one token of their lane, which is renewed before it expires and sent to the target only', async () => {
  const issued = new Map<string, number>();
  const elsewhere: Asked[] = [];
  const other = await closing(
    await startSite((asked) => {
      elsewhere.push(asked);
      return {};
    }),
  );
  const site = await closing(
    await startSite(({ path, headers, body }) => {
      if (path === '/token') {
        const login = Buffer.from(headers.authorization!.slice(6), 'base64').toString();
        if (login !== `shop:${SECRET}` || body !== 'grant_type=client_credentials&scope=read')
          return { status: 401 };
        const token = `token-${issued.size + 1}`;
        issued.set(token, Date.now() + 2_000);
        return { json: { access_token: token, token_type: 'Bearer', expires_in: 2 } };
      }
      const expires = issued.get(headers.authorization?.replace('Bearer ', '') ?? '') ?? 0;
      return { status: Date.now() < expires ? 200 : 401 };
    }),
  );
  const file = join(project({ 'shop.ts': SHOP }), 'shop.ts');
  await using cluster = await Cluster.start(file, ['-H', site.url, '--secret', 'CLIENT', '-e', 'OTHER'], {
    CLIENT: SECRET,
    OTHER: other.url,
  });
  cluster.addWorker('w1', ['--lanes', '2']);
  const { totals, series, code } = await cluster.result();
  expect(site.refused).toEqual([]);
  expect(code).toBe(0);
  // Two lanes, tokens of two seconds, a run of four: each lane needs two to four.
  expect(issued.size).toBeGreaterThanOrEqual(4);
  expect(issued.size).toBeLessThanOrEqual(8);
  const fetched = series.find(({ user }) => user === '(oauth2)')!;
  expect(fetched).toMatchObject({ method: 'POST', name: '/token', requests: issued.size, failures: 0 });
  expect(totals.requests).toBe(site.count + other.count);
  expect(elsewhere.length).toBeGreaterThan(0);
  expect(elsewhere.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
});

test('a client that the token endpoint refuses ends the run before it starts, with the reason', async () => {
  const site = await closing(
    await startSite(() => ({ status: 401, json: { error: 'invalid_client' } }), ['401 POST /token']),
  );
  const file = join(project({ 'shop.ts': SHOP }), 'shop.ts');
  await using run = new Drumline(
    ['run', file, '-H', site.url, '--secret', 'CLIENT', '--no-api', '--no-html', '--lanes', '1'],
    { CLIENT: SECRET },
  );
  const { code, output } = await run.ended;
  expect(output).toMatch(/OAuth 2: no token from \/token: invalid_client \(status 401\)/);
  expect(output).not.toContain(SECRET);
  expect(code).toBe(10);
});

test('the signature of a request fits what arrives at the server', async () => {
  const wrong: unknown[] = [];
  const site = await closing(
    await startSite(({ method, path, query, headers, body }) => {
      const { authorization = '', host, 'content-type': type, 'x-amz-date': date } = headers;
      const search = query.size === 0 ? '' : `?${query.toString().replaceAll('+', '%20')}`;
      const expected = aws4.sign(
        {
          host,
          method,
          path: path + search,
          service: 'execute-api',
          region: 'eu-central-1',
          body,
          headers: { Host: host, 'X-Amz-Date': date, ...(type !== undefined && { 'content-type': type }) },
          extraHeadersToIgnore: { 'content-length': true },
        },
        { accessKeyId: 'AKID', secretAccessKey: SECRET },
      ).headers['Authorization'];
      if (authorization !== expected) wrong.push({ method, path, authorization, expected });
      return path === '/old' ? { status: 302, location: '/new?a=1' } : {};
    }),
  );
  const directory = project({
    'api.ts': `
import { scenario, secrets, user } from 'drumline';
const caller = user('caller', { tasks: { call: async ({ http }) => {
  await http.get('/old', { query: { q: 'two words', 'ü': 'a/b' } });
  await http.post('/orders/a b', { json: { id: 7 } });
  await http.put('/empty');
} } });
export default scenario({
  users: [caller],
  http: { awsSignature: { region: 'eu-central-1', service: 'execute-api', accessKeyId: 'AKID', secretAccessKey: secrets.KEY } },
});
`,
  });
  await using run = new Drumline(['try', join(directory, 'api.ts'), '-H', site.url, '--secret', 'KEY'], {
    KEY: SECRET,
  });
  expect(await run.ended).toMatchObject({
    code: 0,
    output: expect.stringMatching(/authorization: AWS4-HMAC-SHA256 Credential=AKID/),
  });
  expect(wrong).toEqual([]);
  expect(site.count).toBe(3);
});

test('a part of the calls have a trace, whose id is in the samples', async () => {
  const seen: (string | undefined)[] = [];
  const site = await closing(
    await startSite(({ path, headers }) => {
      seen.push(headers['traceparent'] as string | undefined);
      return path === '/old' ? { status: 302, location: '/new' } : {};
    }),
  );
  const directory = project({
    'shop.ts': `
import { constant, scenario, startWith, user } from 'drumline';
const shopper = user('shopper', { wait: constant('2ms'), tasks: { browse: async ({ http, check }) => {
  const page = await http.get('/old');
  check(page, { 'has the id': ({ traceId }) => traceId === undefined || /^[0-9a-f]{32}$/.test(traceId) });
} } });
export default scenario({ users: [shopper], load: startWith(4).hold('2s'), http: { tracing: { sample: 0.25 } } });
`,
  });
  const samples = join(directory, 'samples.ndjson');
  await using run = new Drumline(
    [
      'run',
      join(directory, 'shop.ts'),
      '-H',
      site.url,
      '--no-api',
      '--no-html',
      '--lanes',
      '1',
      '--samples',
      samples,
    ],
    {},
  );
  expect(await run.ended).toMatchObject({ code: 0 });
  const lines = (await readFile(samples, 'utf8')).trim().split('\n');
  const traceIds = lines.flatMap((line) => (JSON.parse(line) as { traceId?: string }).traceId ?? []);
  const sent = seen.filter((header) => header !== undefined);
  for (const header of sent) expect(header).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  // Both requests of a redirected call belong to its trace and its span.
  expect(sent).toHaveLength(2 * traceIds.length);
  expect(new Set(sent).size).toBe(traceIds.length);
  expect(new Set(sent.map((header) => header.slice(3, 35)))).toEqual(new Set(traceIds));
  const spread = 5 * Math.sqrt(lines.length * 0.25 * 0.75);
  expect(Math.abs(traceIds.length - lines.length * 0.25)).toBeLessThan(spread);
});
