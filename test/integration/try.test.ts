// `drumline try`: one user in the command's own process, with everything that it does shown.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { closeAfterEach } from '../contract/support/closing.js';
import { serveBank } from '../support/bank.js';
import { BIN, Drumline, eventually, scenarioPath, type Ended } from '../support/drumline.js';
import { startSite, type Site } from '../support/site.js';
import { tempProjects } from '../support/temp-project.js';

const project = tempProjects();
const closing = closeAfterEach();

const SHOP = `
import { constant, counter, inOrder, scenario, secrets, setup, user } from 'drumline';
const orders = counter('orders');
const login = setup(async ({ http }) => (await http.get('/token')).json<{ token: string }>());
const shopper = user('shopper', {
  wait: constant(1),
  onStart: async ({ http }) => {
    http.headers.set('authorization', 'Bearer ' + login.result.token);
    await http.get('/hello');
  },
  onStop: async ({ http }) => { await http.get('/bye'); },
  tasks: inOrder({
    browse: async ({ http, check }) => {
      const page = await http.get('/old');
      check(page, { 'is found': ({ status }) => status === 200, 'has stock': (r) => r.text().includes('stock: 1') });
    },
    buy: async ({ http, step }) => {
      await step('checkout', () => http.post('/orders', { json: { id: 7, card: secrets.CARD } }));
      orders.add();
    },
    fails: () => { throw new Error('seven is ' + secrets.CARD); },
  }),
});
const admin = user('admin', { tasks: { audit: async ({ http }) => { await http.get('/audit', { name: 'audit log' }); } } });
export default scenario({
  users: [shopper, admin],
  setup: login,
  teardown: async ({ http }) => { await http.get('/end'); },
  onMaster: { runStart: () => { throw new Error('never'); } },
});
`;

const CARD = '4012-8888-8888-1881';

async function shop(): Promise<Site> {
  const site = await startSite(({ path, body }) => {
    if (path === '/token') return { json: { token: 'a-token-of-the-run' } };
    if (path === '/old') return { status: 302, location: '/new', cookies: ['seen=yes'] };
    if (path === '/orders')
      return { status: 500, json: { error: 'no stock', was: JSON.parse(body) as object } };
    return { json: { stock: 0, path } };
  });
  return await closing(site);
}

async function tried(directory: string, ...args: string[]): Promise<Ended> {
  await using drumline = new Drumline(['try', join(directory, 'shop.ts'), ...args], { CARD });
  return await drumline.ended;
}

test('shows each request with its response, failed checks with their value, and exceptions with their place', async () => {
  const site = await shop();
  const { code, output } = await tried(
    project({ 'shop.ts': SHOP }),
    '-H',
    site.url,
    '--secret',
    'CARD',
    '--user',
    'shopper',
  );
  expect(code).toBe(1);
  const sections = output.split('\n\n');
  expect(sections.map((section) => section.split('\n')[0])).toEqual([
    'note: hooks on the master do not run: runStart',
    'setup',
    'shopper / onStart',
    'shopper / browse',
    'shopper / buy',
    'shopper / fails',
    'shopper / onStop',
    'teardown',
    'failed: 6 requests, 1 failed; 2 checks, 1 failed; 1 exception',
  ]);
  const [, , onStart, browse, buy, fails] = sections;
  expect(onStart).toMatch(/authorization: Bearer \(hidden, 18 characters\)/);
  expect(browse).toMatch(
    /✓ GET \S+\/old .*\n +request 1: GET \S+\/old {2}HTTP\/1.1 302 Found\n[^]*request 2: GET \S+\/new {2}HTTP\/1.1 200 OK/,
  );
  expect(browse).toMatch(/> cookie: seen=yes\n[^]*< \{"stock":0,"path":"\/new"\}\n/);
  expect(browse).toMatch(
    /✓ check 'is found'\n +✗ check 'has stock' failed; the value was:\n +status 200 OK, body \{"stock":0/,
  );
  expect(buy).toMatch(
    /✗ POST \S+\/orders {2}HTTP\/1.1 500 [^]*> content-type: application\/json\n[^]*> \{"id":7,"card":"\[secret CARD\]"\}\n/,
  );
  expect(buy).toMatch(
    /< \{"error":"no stock","was":\{"id":7,"card":"\[secret CARD\]"\}\}\n +failed: status 500\n +.*wait [\d.]+ms; \d+ B sent/,
  );
  expect(buy).toMatch(/✓ step checkout[^]*counter 'orders' 1/);
  expect(fails).toMatch(/✗ exception: Error: seven is \[secret CARD\]\n +at .*shop\.ts:21:26/);
  expect(output).not.toContain(CARD);
  expect(output).not.toContain('\u001b');
  // The master has no setup of its own: every request that the site counted is shown.
  expect(site.count).toBe(6);
});

test('without a user type, one user of each type runs, and nothing failed gives exit code 0', async () => {
  const site = await closing(
    await startSite(() => ({ json: { stock: 'stock: 1', token: 't' }, status: 200 })),
  );
  const passing = SHOP.replace(/^ +fails: .*$/m, '');
  const { code, output } = await tried(
    project({ 'shop.ts': passing }),
    '-H',
    site.url,
    '--secret=CARD',
    '--iterations=3',
    '--body=5',
  );
  expect(output).toMatch(/\{"sto\n +< … \(\d+ bytes in all; --body shows more\)/);
  expect(output).toMatch(
    /shopper \/ browse \(iteration 3\)[^]*admin \/ audit \(iteration 3\)\n.*GET \S+\/audit .*as 'audit log'/,
  );
  expect(output).toMatch(/^passed: 13 requests; 6 checks$/m);
  expect(code).toBe(0);
  expect(site.count).toBe(13);
});

test('a HAR file holds every request as the site saw it, without secrets', async () => {
  const site = await shop();
  const directory = project({ 'shop.ts': SHOP });
  const har = join(directory, 'shop.har');
  await tried(directory, '-H', site.url, '--secret', 'CARD', '--user', 'shopper', '--har', har);
  const text = await readFile(har, 'utf8');
  expect(text).not.toContain(CARD);
  const { log } = JSON.parse(text) as { log: Har };
  expect(log).toMatchObject({ version: '1.2', creator: { name: 'Drumline' } });
  expect(log.pages.map(({ title }) => title)).toContain('shopper / buy');
  expect(log.entries).toHaveLength(site.count + 1);
  for (const entry of log.entries) {
    expect(entry).toMatchObject({
      cache: {},
      timings: { send: expect.any(Number), wait: expect.any(Number), receive: expect.any(Number) },
    });
    const { timings } = entry;
    const sum = [timings.blocked, timings.connect, timings.send, timings.wait, timings.receive];
    expect(sum.filter((ms) => ms > 0).reduce((a, b) => a + b, 0)).toBeCloseTo(entry.time, 0);
  }
  const order = log.entries.find(({ request }) => request.method === 'POST')!;
  expect(order).toMatchObject({
    request: {
      url: `${site.url}/orders`,
      httpVersion: 'HTTP/1.1',
      cookies: [{ name: 'seen', value: 'yes' }],
      postData: { mimeType: 'application/json', text: '{"id":7,"card":"[secret CARD]"}' },
    },
    response: { status: 500, content: { mimeType: 'application/json; charset=utf-8' } },
    _error: 'status 500',
  });
  // Our own importer reads it, as other tools do.
  await using importer = new Drumline(['new', join(directory, 'generated'), '--from-har', har]);
  expect(await importer.ended).toMatchObject({ code: 0 });
});

interface Har {
  readonly version: string;
  readonly pages: readonly { readonly title: string }[];
  readonly entries: readonly {
    readonly time: number;
    readonly request: { readonly method: string };
    readonly timings: Readonly<Record<'blocked' | 'connect' | 'send' | 'wait' | 'receive', number>>;
  }[];
}

test('shows WebSocket messages in both directions', async () => {
  const target = await closing(await startTarget());
  await using drumline = new Drumline(['try', scenarioPath('feed'), '-H', target.url, '--iterations', '20']);
  const { output } = await drumline.ended;
  expect(output).toMatch(/ws CONNECT/);
  expect(output).toMatch(/> \{"op":"price","id":0\}\n[^]* < \{.*\n[^]*ws REQUEST price/);
});

test('shows the rows that a user takes and borrows', async () => {
  const file = project({
    'rows.txt': 'Anna',
    'shop.ts': `
      import { data, scenario, user } from 'drumline';
      const once = data.lines('rows.txt', { use: 'once' });
      const lent = data.lines('rows.txt', { use: 'borrow' });
      const buyer = user('buyer', { tasks: { buy: async ({ take, borrow, check }) => {
        check([await take(once), await borrow(lent)], { 'are there': (rows) => rows.length === 2 });
      } } });
      export default scenario({ users: [buyer] });`,
  });
  const { output } = await tried(file, '--iterations=1');
  expect(output).toMatch(/took a row of 'rows.txt': "Anna"\n.*borrowed a row of 'rows.txt': "Anna"/);
});

test('shows gRPC calls with their messages as JSON', async () => {
  const bank = await closing(await serveBank());
  const args = ['--user', 'writer', '--iterations', '1', '-H', bank.origin];
  await using drumline = new Drumline(['try', scenarioPath('grpc'), ...args]);
  const { output } = await drumline.ended;
  expect(output).toMatch(
    /✓ grpc unary bank.Accounts\/GetBalances {2}OK[^]*> who: \(setup\)\n +> \{"ids":\["1"\]\}[^]*< \{"balances":\[\{"cents":"?1"?\}\]\}/,
  );
});

test('a user type that does not exist is an error with a hint', async () => {
  const { code, output } = await tried(project({ 'shop.ts': SHOP }), '--secret', 'CARD', '--user', 'shoper');
  expect(code).toBe(2);
  expect(output).toMatch(/no user type 'shoper'\nhint: Did you mean shopper\?/);
});

test('a setup that throws ends the trial with its exit code', async () => {
  const failing = SHOP.replace(
    `(await http.get('/token')).json<{ token: string }>()`,
    `{ throw new Error('no token'); }`,
  );
  const directory = project({
    'shop.ts': failing.replace('async ({ http }) => {', 'async (): Promise<{ token: string }> => {'),
  });
  const { code, output } = await tried(directory, '-H', 'http://127.0.0.1:1', '--secret', 'CARD');
  expect(output).toMatch(/no token/);
  expect(code).toBe(10);
});

test('a debugger stops at a debugger statement in the TypeScript file', async () => {
  const site = await shop();
  const lines = SHOP.replace(
    "const page = await http.get('/old');",
    "\n      debugger;\n      const page = await http.get('/old');",
  );
  const directory = project({ 'shop.ts': lines });
  const file = join(directory, 'shop.ts');
  const child = spawn(
    process.execPath,
    ['--inspect-brk=127.0.0.1:0', BIN, 'try', file, '-H', site.url, '--secret', 'CARD', '--user', 'shopper'],
    { env: { ...process.env, NODE_OPTIONS: '', CARD }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  await closing({ close: () => child.kill('SIGKILL') });
  const exited = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const address = await eventually(() => /ws:\/\/\S+(?=\s)/.exec(output)?.[0]);
  const debug = new WebSocket(address);
  await closing({ close: () => debug.terminate() });
  await once(debug, 'open');
  const scripts = new Map<string, string>();
  const stops: { source: string; line: number }[] = [];
  const stopped = new Promise<void>((resolve) => {
    debug.on('message', (data: Buffer) => {
      const { method, params } = JSON.parse(data.toString()) as InspectorMessage;
      if (method === 'Debugger.scriptParsed') scripts.set(params.scriptId!, params.sourceMapURL!);
      if (method !== 'Debugger.paused') return;
      const { location } = params.callFrames![0]!;
      const map = scripts.get(location.scriptId);
      // The first pause is the start of the program.
      if (map?.startsWith('data:') === true) {
        const payload = JSON.parse(
          Buffer.from(map.slice(map.indexOf(',') + 1), 'base64').toString(),
        ) as ConstructorParameters<typeof SourceMap>[0];
        const entry = new SourceMap(payload).findEntry(location.lineNumber, location.columnNumber) as {
          originalSource: string;
          originalLine: number;
        };
        stops.push({ source: entry.originalSource, line: entry.originalLine });
        resolve();
      }
      debug.send(JSON.stringify({ id: 9, method: 'Debugger.resume' }));
    });
  });
  for (const [id, method] of [
    'Debugger.enable',
    'Runtime.enable',
    'Runtime.runIfWaitingForDebugger',
  ].entries())
    debug.send(JSON.stringify({ id: id + 1, method }));
  await Promise.race([stopped, exited]);
  const expected = lines.split('\n').findIndex((line) => line.includes('debugger;'));
  expect(stops).toEqual([{ source: pathToFileURL(file).href, line: expected }]);
  debug.close();
  await exited;
  expect(output).toMatch(/failed: 6 requests/);
});

interface InspectorMessage {
  readonly method?: string;
  readonly params: {
    readonly scriptId?: string;
    readonly sourceMapURL?: string;
    readonly callFrames?: readonly {
      readonly location: { scriptId: string; lineNumber: number; columnNumber: number };
    }[];
  };
}
