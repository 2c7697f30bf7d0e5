import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { renderScenario } from '../code/scenario.js';
import { draftOf } from '../journey/journey.js';
import { readCurlJourney } from './journey.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drumline-curl-'));
  writeFileSync(join(folder, 'order.json'), '{\n  "sku": 7\n}\n');
  writeFileSync(join(folder, 'note.txt'), 'a note');
  writeFileSync(join(folder, 'moth.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]));
  writeFileSync(join(folder, 'ca'), 'without a known extension');
  writeFileSync(join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----');
});
afterAll(() => rmSync(folder, { recursive: true }));

function scenarioOf(commands: string, keepSecrets = false): string {
  const text = commands.replaceAll('DIR', folder);
  return renderScenario(
    draftOf(readCurlJourney(text, 'commands', join(folder, 'tests')), { keepSecrets, keepHosts: [] }),
    'ts',
  ).text.replaceAll(folder, 'DIR');
}

describe('the scenario sends the requests of the command', () => {
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
    [
      `curl --json '{"a":[1]}' https://x.example/a`,
      "json: { a: [1] }, headers: { accept: 'application/json' }",
    ],
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
    ['curl -m 2.5 --connect-timeout 1 https://x.example/a', "http: { connectTimeout: '1s', redirects: 0 }"],
    ['curl -L --max-redirs 2 https://x.example/a', "http.get('/a', { redirects: 2 })"],
    [
      'curl -k --tlsv1.2 https://x.example/a',
      "http: { tls: { minVersion: 'TLSv1.2', rejectUnauthorized: false }, redirects: 0 }",
    ],
    ['curl --tls-max 1.2 https://x.example/a', "tls: { maxVersion: 'TLSv1.2' }"],
    ['curl --cacert DIR/ca.pem https://x.example/a', 'http: { tls: { ca }, redirects: 0 }'],
    ['curl --cacert DIR/ca.pem https://x.example/a', "import ca from '../ca.pem';"],
    [
      'curl --cert DIR/ca --key DIR/ca.pem https://x.example/a',
      "tls: { cert: readFileSync('DIR/ca', 'utf8'), key }",
    ],
    ['curl --http1.1 https://x.example/a', "http: { version: '1.1', redirects: 0 }"],
    ['curl --http2-prior-knowledge http://x.example/a', "http: { version: '2', redirects: 0 }"],
    ['curl -x proxy:3128 https://x.example/a', "http: { proxy: 'http://proxy:3128', redirects: 0 }"],
    [
      'curl --resolve x.example:443:10.0.0.7,[::1] https://x.example/a',
      "hosts: { 'x.example:443': ['10.0.0.7', '::1'] }",
    ],
    [
      'curl -4 --interface 10.0.0.1 https://x.example/a',
      "http: { dns: { family: 4 }, localAddresses: ['10.0.0.1'], redirects: 0 }",
    ],
    ["curl -H 'X-Name: Zoë' https://x.example/a", "'x-name': Buffer.from('Zoë').toString('latin1')"],
    ['curl https://x.example/a/17', "{ name: '/a/[id]' }"],
    ['curl https://x.example/a https://api.x.example/b', 'http.get(`${API}/b`)'],
    ['curl https://x.example/a --next -d b=1 https://x.example/c', "http.post('/c', { form: { b: '1' } })"],
    ['curl -sSLo/dev/null -w "%{http_code}" https://x.example/a', "http.get('/a')"],
  ])('%s', (command, expected) => {
    expect(scenarioOf(command)).toContain(expected);
  });
});

describe('credentials become secrets', () => {
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

  test('keepSecrets keeps them', () => {
    expect(scenarioOf('curl -u ada:pw https://x.example/', true)).toContain(
      "{ username: 'ada', password: 'pw' }",
    );
  });
});

/** The notes of a journey, without the first one, which names the source. */
function aboutOf(commands: string): readonly string[] {
  return readCurlJourney(commands.replaceAll('DIR', folder), 'commands', '.').about.slice(1);
}

describe('hosts other than the first', () => {
  const commands = 'curl https://x.example/a; curl https://api.x.example/b; curl https://api.x.example/c';
  const withTarget = (keepHosts: string[]) =>
    draftOf(readCurlJourney(commands, 'commands', '.'), {
      keepSecrets: false,
      keepHosts,
      target: 'http://127.0.0.1:1',
    });

  test('keep their requests and are listed', () => {
    const draft = draftOf(readCurlJourney(commands, 'commands', '.'), { keepSecrets: false, keepHosts: [] });
    expect(draft.hosts).toEqual({ API: 'https://api.x.example' });
    expect(draft.about.at(-1)).toBe(
      'These requests go to their own hosts, not to the target: https://api.x.example (2).',
    );
  });

  test('are replaced by a given target, except for keepHosts', () => {
    const moved = withTarget([]);
    expect(moved.hosts).toEqual({});
    expect(moved.about.at(-1)).toContain('not to their own hosts: https://api.x.example (2).');
    expect(withTarget(['api.x.example']).hosts).toEqual({ API: 'https://api.x.example' });
  });
});

describe('unsupported options are listed', () => {
  test.each([
    ['curl -sS --http2 -o x https://x.example/', undefined],
    [
      'curl -x socks5://proxy:1 --retry 3 https://x.example/',
      'Left out because scenarios do not support it: --proxy socks5://proxy:1, --retry 3.',
    ],
    [
      'curl --unix-socket /run/x.sock --limit-rate 1k http://x.example/',
      'Left out because scenarios do not support it: --unix-socket /run/x.sock, --limit-rate 1k.',
    ],
    [
      'curl --connect-to x.example:443:y.example:443 --resolve "*:80:10.0.0.1" https://x.example/',
      'Left out because scenarios do not support it: --connect-to x.example:443:y.example:443, --resolve *:80:10.0.0.1.',
    ],
    [
      "curl -H 'no colon' -H 'Content-Length: 3' -d a=1 https://x.example/",
      'Left out because scenarios do not support it: --header no colon, --header Content-Length: 3.',
    ],
    [
      'curl -F "a=b;headers=X-A: 1" -F "c=(;type=multipart/mixed" -F "d=)" https://x.example/',
      'Left out because scenarios do not support it: --form a=…;headers=X-A: 1, --form c=(;type=multipart/mixed, --form d=).',
    ],
    [
      'curl "https://x.example/[1-1000]"',
      'Left out because scenarios do not support it: 900 more URLs of https://x.example/[1-1000].',
    ],
    ['curl -b "$A=1; b=$B" -d "$C=2" https://x.example/', 'Variables in names of fields are not replaced.'],
    [
      'curl "https://x.example/?t=$(date +%s)"',
      'Command substitutions were not run. Set these variables to their output: DATE_OUTPUT for $(date +%s).',
    ],
    ['curl "${BASE:-https://x.example}/"', 'Default values were used: BASE=https://x.example.'],
    [
      'curl "$BASE_URL/a"; curl https://$HOST:8443/b; curl http://localhost:$PORT/c',
      'The target stands for $BASE_URL, https://$HOST:8443, http://localhost:$PORT. Set it in the scenario, or use --target.',
    ],
    [
      'curl -k https://x.example/a; curl https://x.example/b',
      'Only some commands set http.tls, but a scenario has one value for all requests.',
    ],
    [
      'curl https://x.example/a; curl --foo https://x.example/b',
      'Left out: line 1: curl has no option --foo.',
    ],
    ['curl https://x.example/a\nwget https://x.example/b', "Left out: line 2: 'wget' is not a curl command."],
    [
      'curl https://x.example/a\nmake-body | curl -d @- https://x.example/b',
      "Left out: line 2: 'make-body' is not a curl command; line 2: it reads the output of make-body, which is not run here.",
    ],
    [
      'for i in 1 2; do curl https://x.example/$i; done',
      "Left out: line 1: 'for' is not evaluated: its commands are converted once.",
    ],
    [
      "curl https://x.example/a\ncurl -d 'a https://x.example/b",
      "Left out: the quote ' on line 2 is not closed; line 2: it has no URL.",
    ],
  ])('%s', (commands, expected) => {
    const about = aboutOf(commands);
    if (expected === undefined) expect(about).toEqual([]);
    else expect(about).toContain(expected);
  });
});

test('variables become secrets or environment variables, depending on name and position', () => {
  const scenario = scenarioOf(
    'curl -u "$NAME:$WORD" -b "sid=$SID" -H "X-Key: $API_KEY" "https://x.example/$ITEM?page=$PAGE" -d "a=$ITEM"',
  );
  expect(scenario).toContain("const { WORD = '', API_KEY = '', SID = '' } = secrets;");
  expect(scenario).toContain("const ITEM = environment('ITEM');");
  expect(scenario).toContain('http.post(`/${ITEM}`, {');
  expect(scenario).toContain('query: { page: PAGE }');
  expect(scenario).toContain('cookie: `sid=${SID}`');
  expect(scenario).toContain('http.auth({ username: NAME, password: WORD })');
});

test('browser headers are left out only in commands copied from a browser', () => {
  const noise = "-H 'accept-language: de' -H 'origin: https://x.example' -H 'cache-control: no-cache'";
  const browser = "-H 'user-agent: Mozilla/5.0 (X11)' -H 'sec-fetch-mode: cors' --compressed";
  expect(scenarioOf(`curl https://x.example/ ${noise}`)).toContain("'cache-control': 'no-cache'");
  expect(scenarioOf(`curl https://x.example/ ${noise} ${browser}`)).toContain("http.get('/');");
  expect(aboutOf(`curl https://x.example/ ${noise} ${browser}`)).toEqual([
    'Headers that the browser added were left out: accept-language, origin, cache-control.',
  ]);
  expect(scenarioOf(`curl https://x.example/ -H 'cookie: sid=1' ${browser}`)).toContain('cookie: COOKIE');
});

test('credentials are not shared between commands', () => {
  const scenario = scenarioOf('curl -u ada:pw https://x.example/a; curl https://x.example/b');
  expect(scenario).not.toContain('onStart');
  expect(scenario).toMatch(
    /http\.auth\(\{ username: 'ada', password: PASSWORD \}\);\s+await http\.get\('\/a'\);\s+http\.auth\(\);/,
  );
});

test('an error lists all problems', () => {
  const text = 'curl --foo ftp://x -Y; wget x; curl -H "a: b"; curl -m soon -d @nowhere.txt http://x';
  expect(() => readCurlJourney(text, 'commands.txt', '.')).toThrow(
    expect.objectContaining({
      exit: 'usage',
      message: expect.stringMatching(
        /commands\.txt has 7 problems:\n {2}line 1: curl has no option --foo\n {2}line 1: --speed-limit needs a value\n {2}line 1: 'ftp:\/\/x' is not an http or https URL\n {2}line 1: 'wget' is not a curl command\n {2}line 1: it has no URL\n {2}line 1: a timeout is not a number of seconds\n {2}line 1: the file nowhere\.txt cannot be read/,
      ),
    }),
  );
  expect(() => readCurlJourney('Invoke-WebRequest -Uri "https://x"', '--from-curl', '.')).toThrow(
    'this is PowerShell, not curl',
  );
  expect(() => readCurlJourney('', '--from-curl', '.')).toThrow('--from-curl: there is no curl command');
});
