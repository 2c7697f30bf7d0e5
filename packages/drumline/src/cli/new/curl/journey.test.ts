import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { renderScenario } from '../code/scenario.js';
import { draftOf } from '../recording/journey.js';
import { readCurlJourney } from './journey.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drumline-curl-'));
  writeFileSync(join(folder, 'order.json'), '{\n  "sku": 7\n}\n');
  writeFileSync(join(folder, 'note.txt'), 'a note');
  writeFileSync(join(folder, 'moth.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]));
  writeFileSync(join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----');
});
afterAll(() => rmSync(folder, { recursive: true }));

function scenarioOf(commands: string, keepSecrets = false): string {
  const text = commands.replaceAll('DIR', folder);
  return renderScenario(
    draftOf(readCurlJourney(text, 'commands', join(folder, 'tests')), { keepSecrets, keepHosts: [] }),
  ).text.replaceAll(folder, 'DIR');
}

describe('what a command says is what the scenario sends', () => {
  test.each([
    ['curl shop.example/a', "target: 'http://shop.example'"],
    ['curl -I https://x.example/a', "http.head('/a')"],
    ['curl -X patch -d a=1 https://x.example/a', "http.patch('/a', { form: { a: '1' } })"],
    ['curl -XPURGE https://x.example/a', "http.request('PURGE', '/a')"],
    ['curl -d a=1 -d b=2 https://x.example/a', "http.post('/a', { form: { a: '1', b: '2' } })"],
    [
      'curl -G -d a=1 --data-urlencode "b=x y" https://x.example/a?c=3',
      "{ query: { c: 3, a: 1, b: 'x y' } }",
    ],
    ['curl --url-query a=1 https://x.example/a', 'query: { a: 1 }'],
    ['curl --data-urlencode "x=1&2" https://x.example/a', "form: { x: '1&2' }"],
    [`curl --json '{"a":[1]}' https://x.example/a`, "http.post('/a', { json: { a: [1] } })"],
    [
      `curl -d '{"a":1}' -H 'content-type: application/json' https://x.example/a`,
      "http.post('/a', { json: { a: 1 } })",
    ],
    [
      `curl -d '{"a":1}' https://x.example/a`,
      "headers: { 'content-type': 'application/x-www-form-urlencoded' }",
    ],
    [
      `curl -d '<a/>' -H 'Content-Type: text/xml' https://x.example/a`,
      "{ body: '<a/>', headers: { 'content-type': 'text/xml' } }",
    ],
    ['curl -d @DIR/order.json -H "content-type: application/json" https://x.example/a', 'json: { sku: 7 }'],
    ['curl -T DIR/note.txt https://x.example/a', "http.put('/a', { body: 'a note' })"],
    ['curl --data-binary @DIR/moth.png https://x.example/a', "body: readFileSync('DIR/moth.png')"],
    [
      'curl -F title=Moth -F "pic=@DIR/moth.png;type=image/png" https://x.example/a',
      "contentType: 'image/png'",
    ],
    [
      'curl -F "note=<DIR/note.txt" --form-string at=@home https://x.example/a',
      "multipart: { note: 'a note', at: '@home' }",
    ],
    ['curl -r 0-99 https://x.example/a', "headers: { range: 'bytes=0-99' }"],
    [
      'curl -A robot -e https://y.example/ https://x.example/a',
      "headers: { 'user-agent': 'robot', referer: 'https://y.example/' }",
    ],
    ['curl -m 2.5 --connect-timeout 1 https://x.example/a', "http: { connectTimeout: '1s' }"],
    ['curl -L --max-redirs 2 https://x.example/a', "http.get('/a', { redirects: 2 })"],
    [
      'curl -k --tlsv1.2 https://x.example/a',
      "http: { tls: { minVersion: 'TLSv1.2', rejectUnauthorized: false } }",
    ],
    ['curl --cacert DIR/ca.pem https://x.example/a', 'http: { tls: { ca } }'],
    ['curl --cacert DIR/ca.pem https://x.example/a', "import ca from '../ca.pem';"],
    [
      'curl --cert DIR/ca --key DIR/ca.pem https://x.example/a',
      "tls: { cert: readFileSync('DIR/ca', 'utf8'), key }",
    ],
    ['curl --http1.1 https://x.example/a', "http: { version: '1.1' }"],
    ['curl --http2-prior-knowledge http://x.example/a', "http: { version: '2' }"],
    ['curl -x proxy:3128 https://x.example/a', "http: { proxy: 'http://proxy:3128' }"],
    [
      'curl --resolve x.example:443:10.0.0.7,[::1] https://x.example/a',
      "http: { hosts: { 'x.example': ['10.0.0.7', '::1'] } }",
    ],
    [
      'curl -4 --interface 10.0.0.1 https://x.example/a',
      "http: { dns: { family: 4 }, localAddresses: ['10.0.0.1'] }",
    ],
    ['curl https://x.example/a/17', "{ name: '/a/[id]' }"],
    ['curl https://x.example/a https://api.x.example/b', 'http.get(`${API}/b`)'],
    ['curl https://x.example/a --next -d b=1 https://x.example/c', "http.post('/c', { form: { b: '1' } })"],
    ['curl -sSLo/dev/null -w "%{http_code}" https://x.example/a', "http.get('/a')"],
  ])('%s', (command, expected) => {
    expect(scenarioOf(command)).toContain(expected);
  });
});

describe('secrets are given from outside', () => {
  test.each([
    ['curl -u ada:pw https://x.example/', "http.auth({ username: 'ada', password: PASSWORD })"],
    ['curl https://ada:pw@x.example/', "http.auth({ username: 'ada', password: PASSWORD })"],
    [
      'curl --digest -u ada:pw https://x.example/',
      "http.auth({ username: 'ada', password: PASSWORD, digest: true })",
    ],
    ['curl -x http://proxy -U ada:pw https://x.example/', 'proxy: `http://ada:${PROXY_PASSWORD}@proxy`'],
    ['curl --oauth2-bearer s3cret https://x.example/', 'http.auth({ bearer: API_TOKEN })'],
    [
      'curl -H "Authorization: Bearer $SHOP_TOKEN" https://x.example/',
      "const { SHOP_TOKEN = '' } = secrets;",
    ],
    [
      'curl -H "Authorization: Token abc" https://x.example/',
      "http.headers.set('authorization', AUTHORIZATION)",
    ],
    ['curl -b "sid=1" https://x.example/', 'headers: { cookie: COOKIE }'],
    ['curl -H "X-Api-Key: k" https://x.example/', "headers: { 'x-api-key': API_KEY }"],
    ['curl "https://x.example/?api_key=k"', 'query: { api_key: API_KEY }'],
    ['curl --cert DIR/ca.pem:pw https://x.example/', 'passphrase: PASSPHRASE'],
  ])('%s', (command, expected) => {
    const scenario = scenarioOf(command);
    expect(scenario).toContain(expected);
    expect(scenario).not.toMatch(/:pw\b|s3cret|Token abc|sid=1|'k'/);
  });

  test('unless they are kept', () => {
    expect(scenarioOf('curl -u ada:pw https://x.example/', true)).toContain(
      "{ username: 'ada', password: 'pw' }",
    );
  });
});

test('what has nothing like it in a scenario is named, what only concerns output is not', () => {
  const { about } = readCurlJourney(
    'curl -sS -x socks5://proxy:1 --http2 --retry 3 -o x https://x.example/',
    'commands',
    '.',
  );
  expect(about).toContain('Left out, as a scenario has nothing like it: --proxy socks5://proxy:1, --retry.');
});

test('every mistake is found at once', () => {
  const text = 'curl --foo ftp://x -Y; wget x; curl -H "a: b"; curl -m soon -d @nowhere.txt http://x';
  expect(() => readCurlJourney(text, 'commands.txt', '.')).toThrow(
    expect.objectContaining({
      exit: 'usage',
      message: expect.stringMatching(
        /commands\.txt has 7 problems:\n {2}curl has no option --foo\n {2}--speed-limit needs a value\n {2}'wget' is no curl command\n {2}'ftp:\/\/x' is no http or https URL\n {2}a command has no URL\n {2}a time is no number of seconds\n {2}the file nowhere\.txt cannot be read/,
      ),
    }),
  );
  expect(() => readCurlJourney('Invoke-WebRequest -Uri "https://x"', '--from-curl', '.')).toThrow(
    'this is PowerShell, not curl',
  );
  expect(() => readCurlJourney('', '--from-curl', '.')).toThrow('--from-curl: there is no curl command');
});
